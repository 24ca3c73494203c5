import { numbers, wider } from '../../memory/columns.js'
import { choiceOf, deathOf, isDeath, threadOf, variantOf } from '../machine/choice.js'
import { Access, Kind } from '../machine/operation.js'
import { Status } from '../machine/parked.js'
import { HappensBefore } from '../state/happens-before.js'
import type { Search, Strategy } from '../strategy.js'

/** Where the deaths begin in a mask of initials. */
const DEATHS = 16

/**
 * One execution of each class of those that differ only in the order of independent steps: source sets with sleep sets
 * (Abdulla, Aronis, Jonsson & Sagonas, "Optimal Dynamic Partial Order Reduction", POPL 2014, algorithm 1).
 *
 * Two steps of different threads depend on one another if they touch the same cell and one of them writes; a compareExchange that
 * fails is a read. A death is independent of everything but its own thread: it is explored once, right after the step
 * that it follows, and sleeps until its thread makes another. A draw of chance is tried with each of its values.
 *
 * Limits. Which states lie between two independent steps is not explored in every order: what holds of several cells
 * at every moment must be asked of the `stateful` strategy.
 */
export class Dpor implements Strategy {
  readonly #order: HappensBefore
  /** Of each depth, a bit for each thread: who can run, whom to run, who sleeps (explored from here, or elsewhere), and whose death sleeps. */
  #enabled = numbers(1024)
  #toRun = numbers(1024)
  #asleep = numbers(1024)
  #deathAsleep = numbers(1024)
  /** Which value of chance is tried next, of the thread that runs from here. */
  #variant = numbers(1024)
  #entered = false

  constructor(private readonly search: Search) {
    this.#order = new HappensBefore(search.machine)
  }

  advance(steps: number): boolean {
    const { machine, tally } = this.search
    const until = tally.steps + steps
    while (tally.steps < until) {
      if (!this.#entered) {
        this.#entered = true
        if (this.#enter()) return true
      }
      const choice = this.#next()
      if (choice < 0) {
        if (machine.depth === 0) {
          tally.exhausted = true
          return true
        }
        this.#back()
      } else {
        tally.steps += 1
        if (this.#forward(choice)) return true
        this.#entered = false
      }
    }
    return false
  }

  /** Decides where to begin at a state that was just come to. True: a failure. */
  #enter(): boolean {
    const { machine, tally, judge } = this.search
    const depth = machine.depth
    this.#toRun[depth] = 0
    this.#variant[depth] = 0
    const enabled = machine.enabled()
    this.#enabled[depth] = enabled
    if (enabled === 0) {
      tally.traces += 1
      // Nobody is left who could run, so nobody's death makes a difference.
      this.#deathAsleep[depth] = -1
      return judge.atEnd()
    }
    const awake = enabled & ~(this.#asleep[depth] as number)
    if (awake !== 0) this.#toRun[depth] = this.#preferred(awake)
    else if ((machine.mayDie() & ~(this.#deathAsleep[depth] as number)) === 0) tally.sleepBlocked += 1
    return false
  }

  /** The thread that ran last, if it can go on: executions with few preemptions come first. */
  #preferred(awake: number): number {
    const { machine } = this.search
    if (machine.depth > 0) {
      const last = 1 << threadOf(machine.choice[machine.depth - 1] as number)
      if (awake & last) return last
    }
    return awake & -awake
  }

  /** What to do next from this state; −1: nothing is left. */
  #next(): number {
    const { machine } = this.search
    const depth = machine.depth
    if (machine.mostDeaths > machine.deaths) {
      const deaths = machine.mayDie() & ~(this.#deathAsleep[depth] as number)
      if (deaths !== 0) return deathOf(31 - Math.clz32(deaths & -deaths))
    }
    const left = (this.#toRun[depth] as number) & ~(this.#asleep[depth] as number)
    if (left === 0) return -1
    return choiceOf(31 - Math.clz32(left & -left), this.#variant[depth] as number)
  }

  #forward(choice: number): boolean {
    const { machine, judge } = this.search
    const depth = machine.depth
    if (depth + 1 >= this.#toRun.length) this.#grow()
    const thread = threadOf(choice)
    const bit = 1 << thread
    const variants = isDeath(choice) ? 1 : machine.variants(thread)
    machine.step(choice)
    const races = this.#order.add()
    for (let at = 0; at < races.length; at++) this.#reverse(races[at] as number, bit)
    const asleep = this.#asleep[depth] as number
    const deathAsleep = this.#deathAsleep[depth] as number
    if (isDeath(choice)) {
      this.#asleep[depth + 1] = asleep
      this.#deathAsleep[depth + 1] = deathAsleep
      this.#deathAsleep[depth] = deathAsleep | bit
    } else {
      this.#asleep[depth + 1] = asleep === 0 ? 0 : this.#stillAsleep(depth, asleep & ~bit)
      this.#deathAsleep[depth + 1] = deathAsleep & ~bit & ~this.#wokenAt(depth)
      const next = variantOf(choice) + 1
      this.#variant[depth] = next < variants ? next : 0
      if (next >= variants) this.#asleep[depth] = asleep | bit
    }
    return judge.afterStep()
  }

  /** Threads that the step woke, a bit each: to die after that is not what it was to die before. */
  #wokenAt(depth: number): number {
    const { machine } = this.search
    const { status, notifiedBy } = machine.parked
    let mask = 0
    if (machine.trie.kind[machine.stepNode[depth] as number] !== Kind.notify) return mask
    for (let thread = 0; thread < machine.threads; thread++) {
      if (status[thread] === Status.notified && notifiedBy[thread] === depth) mask |= 1 << thread
    }
    return mask
  }

  #back(): void {
    const { machine, judge } = this.search
    judge.beforeUndo()
    this.#order.remove()
    machine.undo()
  }

  /** Sees to it that the race of the last step with the one at `depth` is explored the other way round. */
  #reverse(depth: number, racing: number): void {
    const initials = this.#order.initialsAfter(depth)
    // Every death is explored, here or elsewhere.
    if (initials >>> DEATHS !== 0) return
    const covered = (this.#toRun[depth] as number) | (this.#asleep[depth] as number)
    if ((initials & covered) !== 0) return
    // One that spins until the earlier of the two cannot come before it.
    const enabled = this.#enabled[depth] as number
    if ((initials & racing & ~enabled) !== 0) return
    const able = initials & enabled
    this.#toRun[depth] = (this.#toRun[depth] as number) | (able & -able)
  }

  /** Of the sleepers, those whose next step is independent of the one just made. */
  #stillAsleep(depth: number, asleep: number): number {
    let still = 0
    for (let rest = asleep; rest !== 0; rest &= rest - 1) {
      const bit = rest & -rest
      if (!this.#depends(depth, 31 - Math.clz32(bit))) still |= bit
    }
    return still
  }

  /** Whether the thread's next step depends on the one at `depth`, the last. What that wrote can't tell: it is then dependent. */
  #depends(depth: number, thread: number): boolean {
    const { machine } = this.search
    const { trie } = machine
    const node = machine.node[thread] as number
    const kind = trie.kind[node] as number
    if (kind === Kind.call) return machine.access[depth] === Access.return
    if (kind === Kind.return) return machine.access[depth] === Access.call
    const cell = trie.cell[node] as number
    if (cell < 0) return false
    if (kind === Kind.wait || kind === Kind.notify) return this.#waiterDepends(depth, thread, kind, cell)
    const writes = this.#writes(kind, node, cell)
    const last = kind >= Kind.load64 && kind <= Kind.compareExchange64 ? cell + 1 : cell
    return this.#touches(depth, cell, last, writes)
  }

  #writes(kind: number, node: number, cell: number): boolean {
    const { machine } = this.search
    const { trie } = machine
    if (kind === Kind.load || kind === Kind.load64) return false
    if (kind === Kind.compareExchange) return machine.memory.words[cell] === trie.expected[node]
    if (kind === Kind.compareExchange64) {
      return trie.bigs.numberOf(machine.memory.pairs[cell >> 1] as bigint) === trie.expected[node]
    }
    return true
  }

  #waiterDepends(depth: number, thread: number, kind: number, cell: number): boolean {
    const { machine } = this.search
    const queue = machine.queues + cell
    const status = machine.parked.status[thread]
    // It sleeps as one that may time out, if it was not notified before.
    if (status === Status.notified) return machine.parked.notifiedBy[thread] === depth
    if (status === Status.waiting) return this.#touches(depth, queue, queue, true)
    if (kind === Kind.notify) return this.#touches(depth, queue, queue, machine.isAwaited(cell))
    const value = machine.trie.value[machine.node[thread] as number]
    if (machine.memory.words[cell] === value && this.#touches(depth, queue, queue, true)) return true
    return this.#touches(depth, cell, cell, false)
  }

  #touches(depth: number, from: number, to: number, writes: boolean): boolean {
    const { machine } = this.search
    const cell = machine.cell[depth] as number
    if (cell >= from && cell <= to && (writes || machine.access[depth] === Access.write)) return true
    const other = machine.otherCell[depth] as number
    return other >= from && other <= to && other >= 0 && (writes || machine.otherAccess[depth] === Access.write)
  }

  #grow(): void {
    this.#enabled = wider(this.#enabled)
    this.#toRun = wider(this.#toRun)
    this.#asleep = wider(this.#asleep)
    this.#deathAsleep = wider(this.#deathAsleep)
    this.#variant = wider(this.#variant)
  }
}
