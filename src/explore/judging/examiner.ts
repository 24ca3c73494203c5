import { threadOf } from '../machine/choice.js'
import type { Machine } from '../machine/machine.js'
import { Access, Kind } from '../machine/operation.js'
import { withoutOwnFrames } from '../machine/own-frames.js'
import { Status } from '../machine/parked.js'
import type { ExploreOptions } from '../options.js'
import type { Judge } from '../strategy.js'
import type { Finding } from './failure.js'
import { HistoryTracker } from './history-tracker.js'
import type { Outcomes } from './outcomes.js'

/** Judges every execution by all that was asked of it, and keeps the first thing that is wrong. */
export class Examiner implements Judge {
  finding: Finding | undefined
  /** What code of the user's is being run, for the report of one that does not come back. */
  asking: string | undefined
  readonly extra: Judge['extra']
  readonly #history: HistoryTracker | undefined

  constructor(
    private readonly machine: Machine,
    private readonly options: ExploreOptions<unknown>,
    private readonly outcomes: Outcomes,
    private readonly mostOperations: number,
    private readonly nameOfCell: (cell: number) => string,
  ) {
    const { specification } = options
    this.#history = specification && new HistoryTracker(machine, specification)
    const history = this.#history
    this.extra = history && ((row, at) => history.write(row, at))
  }

  /** Histories that could not be judged in time. */
  get undecided(): number {
    return this.#history?.undecided ?? 0
  }

  afterStep(): boolean {
    const { machine, options } = this
    const depth = machine.depth - 1
    const thread = threadOf(machine.choice[depth] as number)
    const node = machine.node[thread] as number
    this.#history?.afterStep()
    if (machine.trie.kind[node] === Kind.threw) return this.#threw(thread, machine.trie.detail(node))
    if ((machine.trie.length[node] as number) > this.mostOperations) return this.#endless(thread)
    if (options.onWrite && machine.access[depth] === Access.write && this.#writeIsWrong(depth, thread)) return true
    return options.invariant !== undefined && this.#asks('invariant', options.invariant)
  }

  atEnd(): boolean {
    if (this.#threwAtOnce()) return true
    this.outcomes.add()
    if (this.#isStuck()) return true
    if (this.#checkFails()) return true
    const wrong = this.#history?.judge()
    if (!wrong) return false
    const operations = wrong.part?.map(({ thread, action, result, returned }) => {
      const what = typeof action === 'string' ? action : JSON.stringify(action)
      return `thread ${thread} ${what} → ${returned === undefined ? 'did not return' : JSON.stringify(result)}`
    })
    return this.#found({
      kind: 'not-linearizable',
      reason: `no order of these operations is one that the specification allows: ${operations?.join('; ')}`,
    })
  }

  beforeUndo(): void {
    this.#history?.beforeUndo()
  }

  #found(finding: Finding): true {
    this.finding = finding
    return true
  }

  #threw(thread: number, thrown: unknown): true {
    const { message, stack } = describeThrown(thrown)
    return this.#found({ kind: 'threw', reason: `thread ${thread} threw: ${message}`, stack })
  }

  /** Before its first operation: no step led there. */
  #threwAtOnce(): boolean {
    const { trie, threads } = this.machine
    for (let thread = 0; thread < threads; thread++) {
      const root = trie.roots[thread] as number
      if (trie.kind[root] === Kind.threw) return this.#threw(thread, trie.detail(root))
    }
    return false
  }

  #endless(thread: number): true {
    const { mostOperations } = this
    return this.#found({
      kind: 'endless',
      reason: `thread ${thread} made ${mostOperations} operations and did not end`,
    })
  }

  #writeIsWrong(depth: number, thread: number): boolean {
    const { machine } = this
    const cell = machine.cell[depth] as number
    if (cell >= this.options.cells) return false
    return this.#asks('write', () =>
      this.options.onWrite?.(cell, machine.before[depth] as number, machine.memory.load(cell), thread),
    )
  }

  #checkFails(): boolean {
    const { machine, options } = this
    const { check } = options
    if (!check) return false
    const returned = options.threads.map((_, thread) => {
      const died = machine.parked.status[thread] === Status.dead
      return died ? undefined : machine.trie.detail(machine.node[thread] as number)
    })
    return this.#asks('check', (cells) => check(cells, returned))
  }

  #asks(kind: 'invariant' | 'check' | 'write', question: (cells: Machine['memory']) => void): boolean {
    const { memory } = this.machine
    this.asking = kind
    // What it wrote would be taken for a thread's.
    memory.isReadOnly = true
    try {
      question(memory)
      return false
    } catch (thrown) {
      const { message, stack } = describeThrown(thrown)
      return this.#found({ kind, reason: `${kind}: ${message}`, stack })
    } finally {
      memory.isReadOnly = false
      this.asking = undefined
    }
  }

  /** Nobody can go on, and somebody has not ended. */
  #isStuck(): boolean {
    const { machine } = this
    const stuck: number[] = []
    for (let thread = 0; thread < machine.threads; thread++) {
      const idle = machine.kindOf(thread) === Kind.awaitDeath && machine.deaths === 0
      if (!machine.hasEnded(thread) && !idle) stuck.push(thread)
    }
    if (stuck.length === 0) return false
    const spins = stuck.filter((thread) => machine.isSpinning(thread))
    const where = (thread: number) => this.nameOfCell(machine.trie.cell[machine.node[thread] as number] as number)
    if (spins.length > 0) {
      const who = spins.map((thread) => `thread ${thread} spins on ${where(thread)}`).join(', ')
      return this.#found({ kind: 'livelock', reason: `${who}, and nobody is left to write it` })
    }
    const waits = stuck.filter((thread) => machine.parked.status[thread] === Status.waiting)
    const who = waits.map((thread) => `thread ${thread} waits on ${where(thread)}`).join(', ')
    return this.#found({ kind: 'deadlock', reason: `${who}, and nobody is left to notify it` })
  }
}

function describeThrown(thrown: unknown): { message: string; stack: string | undefined } {
  if (thrown instanceof Error) return { message: thrown.message, stack: withoutOwnFrames(thrown.stack) }
  return { message: typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown)), stack: undefined }
}
