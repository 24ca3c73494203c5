import { leakingTarget } from '../../leaking-target.js'

class ReplayLog {
  readonly bodies: ArrayBuffer[] = []
}

export default leakingTarget({
  name: 'leaking/buffer-per-call',
  description: 'Keeps the body of each call in a buffer, which is memory outside the heap.',
  guilt: { className: 'ArrayBuffer', field: 'ReplayLog.bodies' },
  beside() {
    const log = new ReplayLog()
    return () => {
      log.bodies.push(new ArrayBuffer(256))
    }
  },
})
