import { leakingTarget } from '../../leaking-target.js'

class Request {
  constructor(readonly call: number) {}
}

/** Entries are looked up by object, so nobody but who made the object could ever take one out. */
class Deduplicator {
  readonly answers = new Map<Request, string>()
}

export default leakingTarget({
  name: 'leaking/map-by-request',
  description: 'Remembers the answer to each request in a Map whose keys are the request objects.',
  guilt: { className: 'Request', field: 'Deduplicator.answers' },
  beside() {
    const deduplicator = new Deduplicator()
    return (call) => {
      deduplicator.answers.set(new Request(call), 'answered')
    }
  },
})
