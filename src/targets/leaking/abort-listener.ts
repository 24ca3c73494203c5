import { setMaxListeners } from 'node:events'
import { leakingTarget } from '../../leaking-target.js'

class Service {
  readonly stopping = new AbortController()
  stopped = 0
}

export default leakingTarget({
  name: 'leaking/abort-listener',
  description: 'Listens at each call on the signal that stops the whole service, and never takes the listener off.',
  guilt: { className: 'Listener', field: 'Service.stopping' },
  beside() {
    const service = new Service()
    setMaxListeners(0, service.stopping.signal)
    return (call) => {
      const stop = () => {
        service.stopped += call
      }
      service.stopping.signal.addEventListener('abort', stop)
    }
  },
})
