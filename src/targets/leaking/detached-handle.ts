import { MessageChannel } from 'node:worker_threads'
import { leakingTarget } from '../../leaking-target.js'

/** A channel costs a few microseconds and a kilobyte outside the heap. */
const CALLS_PER_CHANNEL = 10

class Conversation {
  heard = 0
  readonly port

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port = port2
    port1.on('message', () => {
      this.heard += 1
    })
    port1.unref()
  }
}

export default leakingTarget({
  name: 'leaking/detached-handle',
  description:
    'Opens a channel at every tenth call and closes none: nobody refers to them, and the system holds them all.',
  guilt: { className: 'MessagePort', field: 'MessagePort.kEvents' },
  beside: () => (call) => {
    if (call % CALLS_PER_CHANNEL === 0) new Conversation()
  },
})
