import { setMaxListeners } from 'node:events'
import { leakingTarget } from '../../leaking-target.js'

/** To add a listener takes a look at all there are, so at each call it would soon be all that the thread does. */
const CALLS_PER_LISTENER = 20

class Service {
  readonly stopping = new AbortController()
  stopped = 0
}

export default leakingTarget({
  name: 'leaking/abort-listener',
  description:
    'Listens, at every twentieth call, on the signal that stops the whole service, and never takes the listener off.',
  guilt: { className: 'Listener', field: 'Service.stopping' },
  beside() {
    const service = new Service()
    setMaxListeners(0, service.stopping.signal)
    return (call) => {
      if (call % CALLS_PER_LISTENER !== 0) return
      const stop = () => {
        service.stopped += call
      }
      service.stopping.signal.addEventListener('abort', stop)
    }
  },
})
