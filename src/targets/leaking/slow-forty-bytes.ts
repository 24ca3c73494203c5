import { leakingTarget } from '../../leaking-target.js'

/** Three words that every object has, and two fields: 40 bytes. */
class Link {
  constructor(
    readonly earlier: Link | undefined,
    readonly call: number,
  ) {}
}

class Chain {
  latest: Link | undefined
}

export default leakingTarget({
  name: 'leaking/slow-forty-bytes',
  description: 'Keeps 40 bytes of each call: a link of a list that only grows.',
  guilt: { className: 'Link', field: 'Chain.latest' },
  beside() {
    const chain = new Chain()
    return (call) => {
      chain.latest = new Link(chain.latest, call)
    }
  },
})
