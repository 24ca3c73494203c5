import { leakingTarget } from '../../leaking-target.js'

class CallRecord {
  constructor(
    readonly call: number,
    readonly path: string,
    readonly attempts: number,
  ) {}
}

/** Meant for a debugger's eyes, and forgotten. */
class AuditTrail {
  readonly calls: CallRecord[] = []
}

export default leakingTarget({
  name: 'leaking/array-per-call',
  description: 'Keeps a record of each call in an array that nobody empties.',
  guilt: { className: 'CallRecord', field: 'AuditTrail.calls' },
  beside() {
    const trail = new AuditTrail()
    return (call) => {
      trail.calls.push(new CallRecord(call, '/payments', 1))
    }
  },
})
