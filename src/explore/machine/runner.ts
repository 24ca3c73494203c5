import type { Cells } from '../../memory/cells.js'
import { NotDeterministicError } from '../errors.js'
import type { Body, Call, Program, ThreadWorld } from '../program.js'
import type { Interned } from './interned.js'
import { Kind, kindName, type Operation } from './operation.js'
import { withoutOwnFrames } from './own-frames.js'
import { performOn } from './perform-on.js'
import { ReplayedCells } from './replayed-cells.js'

/** A body, and whether it is one of the user's, with what `setup` makes for each. */
export interface Actor {
  readonly body: Body<unknown>
  readonly isTheUsers: boolean
}

type SeesDeath = (cells: Cells, call: Call, local: unknown, dead: number) => unknown

/**
 * Runs a thread's body anew on a prefix of results, to learn what it does next.
 *
 * Each run starts from a fresh object of the thread's own, made by the factory of `setup`; the factory's operations were made
 * once, when the memory was prepared, and are answered from what they returned then.
 */
export class Runner<Local> {
  /** How often a body was run. */
  runs = 0
  /** Which thread's body runs, on how many results. */
  thread = 0
  prefix: readonly number[] = []
  readonly #cells: ReplayedCells
  readonly #draws: readonly number[]
  /** What each thread's factory was answered. */
  readonly #attached: number[][] = []
  readonly #factory: ((cells: Cells, world: ThreadWorld) => Local) | undefined
  readonly #call: Call
  readonly #actors: readonly Actor[]

  constructor(
    private readonly program: Program<Local>,
    actors: readonly Actor[],
    private readonly clockCell: number,
    memory: Cells,
    private readonly bigs: Interned<bigint>,
    seesDeath: SeesDeath | undefined,
  ) {
    this.#cells = new ReplayedCells(memory.length, bigs)
    this.#draws = program.random ?? [0.5]
    this.#factory = program.setup?.(memory)
    this.#call = (action, run) => {
      this.#cells.perform(Kind.call, -1, 0, 0, action)
      const result = run()
      this.#cells.perform(Kind.return, -1, 0, 0, result)
      return result
    }
    const mourner: Body<unknown> = (cells, call, local) =>
      seesDeath?.(cells, call, local, this.#cells.perform(Kind.awaitDeath, -1, 0, 0))
    this.#actors = seesDeath ? [...actors, { body: mourner, isTheUsers: true }] : actors
    for (let thread = 0; thread < this.#actors.length; thread++) this.#attached.push(this.#attach(thread, memory))
  }

  /** What the thread does after `prefix`. Throws a `NotDeterministicError` if it does not even come there. */
  next(thread: number, prefix: readonly number[], recorded: (position: number) => Operation): Operation {
    this.runs += 1
    this.thread = thread
    this.prefix = prefix
    const attached = this.#attached[thread] as readonly number[]
    const from = attached.length
    const cells = this.#cells
    cells.begin(from > 0 ? [...attached, ...prefix] : prefix, (position, found) => {
      if (position >= from) this.#compare(thread, position - from, recorded(position - from), found)
    })
    const ended = this.#run(thread)
    const next = cells.pending ?? ended
    const position = cells.position - from
    if (position < prefix.length) this.#compare(thread, position, recorded(position), next)
    return next
  }

  /** Where the thread was at its last operation of the prefix, in a run that does not come back: its stack. */
  stackOfLast(thread: number, prefix: readonly number[], run: (action: () => void) => void): string | undefined {
    let stack: string | undefined
    const attached = this.#attached[thread] as readonly number[]
    const last = attached.length + prefix.length - 1
    this.#cells.begin([...attached, ...prefix], (position) => {
      if (position === last) stack = new Error('its last operation').stack
    })
    run(() => this.#run(thread))
    return withoutOwnFrames(stack)
  }

  #run(thread: number): Operation {
    const { body, isTheUsers } = this.#actors[thread] as Actor
    const cells = this.#cells
    try {
      const local = isTheUsers ? this.#localOf(thread, cells) : undefined
      return { kind: Kind.done, cell: -1, value: 0, expected: 0, detail: body(cells, this.#call, local) }
    } catch (thrown) {
      if (thrown instanceof NotDeterministicError) throw thrown
      return { kind: Kind.threw, cell: -1, value: 0, expected: 0, detail: thrown }
    }
  }

  #localOf(thread: number, cells: Cells): Local {
    const world: ThreadWorld = {
      thread,
      clock: { nowMs: () => (this.program.clock?.startMs ?? 0) + this.#ticked() },
      random: () => this.#draws[this.#cells.perform(Kind.random, -1, 0, 0)] as number,
    }
    // Without a setup, a thread's own is its world.
    return this.#factory ? this.#factory(cells, world) : (world as Local)
  }

  /** A program without a clock that ticks has no operation for it. */
  #ticked(): number {
    return this.clockCell < 0 ? 0 : this.#cells.perform(Kind.load, this.clockCell, 0, 0)
  }

  /** Makes a thread's own once on the memory itself, and keeps what its operations returned. */
  #attach(thread: number, memory: Cells): number[] {
    const results: number[] = []
    if (!this.#factory || !this.#actors[thread]?.isTheUsers) return results
    for (;;) {
      this.#cells.begin(results, undefined)
      try {
        this.#localOf(thread, this.#cells)
      } catch (thrown) {
        if (!this.#cells.pending) throw thrown
      }
      const { pending } = this.#cells
      if (!pending) return results
      results.push(performOn(memory, this.bigs, pending))
    }
  }

  #compare(thread: number, position: number, expected: Operation, found: Operation): void {
    const { kind, cell, value } = found
    if (kind === expected.kind && cell === expected.cell && value === expected.value) {
      if (found.expected === expected.expected) return
    }
    const { stack } = new Error('at this operation')
    const frames = withoutOwnFrames(stack) ?? ''
    throw new NotDeterministicError(thread, position + 1, describe(expected), describe(found), frames)
  }
}

/** An operation in a few words: `store(3, 1)`. */
function describe({ kind, cell, value, expected, detail }: Operation): string {
  switch (kind) {
    case Kind.load:
    case Kind.load64:
      return `${kindName(kind)}(${cell})`
    case Kind.compareExchange:
    case Kind.compareExchange64:
      return `${kindName(kind)}(${cell}, ${expected}, ${value})`
    case Kind.call:
    case Kind.return:
    case Kind.threw:
      return `${kindName(kind)} ${String(detail)}`
    case Kind.done:
    case Kind.random:
      return kindName(kind)
    default:
      return `${kindName(kind)}(${cell}, ${value})`
  }
}
