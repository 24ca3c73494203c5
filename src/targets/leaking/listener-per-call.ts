import { EventEmitter } from 'node:events'
import { leakingTarget } from '../../leaking-target.js'

class Connection extends EventEmitter {
  closed = false
}

export default leakingTarget({
  name: 'leaking/listener-per-call',
  description: 'Listens at each call for the end of a connection that outlives them all, and never stops listening.',
  guilt: { className: 'Function', field: 'Connection._events' },
  beside() {
    const connection = new Connection()
    connection.setMaxListeners(0)
    return (call) => {
      connection.on('close', () => {
        connection.closed = call >= 0
      })
    }
  },
})
