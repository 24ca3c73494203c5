import { leakingTarget } from '../../leaking-target.js'

/** A promise that settles when the service ends. Whoever races a call against it is remembered by it until then. */
class Lifetime {
  readonly ended = new Promise<void>(() => {})
}

const lifetime = new Lifetime()

export default leakingTarget({
  name: 'leaking/promise-never-settled',
  description: 'Races each call against a promise that settles when the service ends.',
  guilt: { className: 'Function', field: 'Lifetime.ended' },
  beside: () => () => {},
  around: (body) => Promise.race([lifetime.ended, body()]),
})
