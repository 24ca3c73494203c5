import { leakingTarget } from '../../leaking-target.js'

const ENTRIES_MAX = 8000
/** So that it is still filling when the soak begins to look. */
const CALLS_PER_ENTRY = 2

class Answer {
  constructor(
    readonly call: number,
    readonly text: string,
  ) {}
}

/** Once full, it lets its oldest entry go for each that comes. */
class Cache {
  readonly answers = new Map<number, Answer>()

  keep(answer: Answer): void {
    this.answers.set(answer.call, answer)
    if (this.answers.size <= ENTRIES_MAX) return
    const [oldest] = this.answers.keys()
    if (oldest !== undefined) this.answers.delete(oldest)
  }
}

export default leakingTarget({
  name: 'leaking/innocent-cache',
  description: 'Fills a cache of 8,000 answers, then turns it over: grows at first, and is no leak.',
  beside() {
    const cache = new Cache()
    return (call) => {
      if (call % CALLS_PER_ENTRY === 0) cache.keep(new Answer(call, `answer ${call}`))
    }
  },
})
