import { isDeath, threadOf } from '../machine/choice.js'
import type { Machine } from '../machine/machine.js'
import { Kind, kindName, waitResults } from '../machine/operation.js'
import { Status } from '../machine/parked.js'
import { preemptionsOf, scheduleText } from './schedule-text.js'

/** What went wrong in an execution. */
export type FailureKind =
  /** A body threw: one of its assertions failed. */
  | 'threw'
  | 'invariant'
  | 'check'
  | 'write'
  | 'not-linearizable'
  /** Only threads are left that wait, and nobody who would notify them: a deadlock, or a lost wake-up. */
  | 'deadlock'
  /** Only threads are left that spin on cells that nobody writes any more. */
  | 'livelock'
  /** A body made more operations than the budget allows, or ran on without any. */
  | 'endless'
  | 'not-deterministic'

export interface Failure {
  readonly kind: FailureKind
  /** One sentence. */
  readonly reason: string
  /** Which execution: give it to the strategy `replay`. */
  readonly schedule: string
  /** Where the schedule is long, and a seed is shorter: the strategy that comes to it, from that seed. */
  readonly drawn?: { readonly strategy: 'pct' | 'random'; readonly seed: number }
  /** How often in it a thread was left that could have gone on. */
  readonly preemptions: number
  /** The interleaving, a column for each thread, a line for each step, with the values. */
  readonly table: string
  /** Of an error that was thrown, or of the last operation of a thread that ran on. */
  readonly stack?: string
}

/** Of a long execution, so many steps are shown of its beginning, and of its end. */
const SHOWN = 100

interface Line {
  readonly thread: number
  readonly text: string
}

/** What is found out about a failure before its execution is written down. */
export interface Finding {
  readonly kind: FailureKind
  readonly reason: string
  readonly stack?: string | undefined
}

/** Goes from the beginning through the schedule that has led the machine to where it is, and writes it down. */
export function writeDown(machine: Machine, finding: Finding, nameOfCell: (cell: number) => string): Failure {
  const schedule = machine.schedule()
  const brokenOff = isBrokenOff(machine) ? stepText(machine, nameOfCell) : undefined
  machine.rewind()
  const couldGoOn: boolean[] = []
  const lines: Line[] = []
  for (const [at, choice] of schedule.entries()) {
    const last = at > 0 ? threadOf(schedule[at - 1] as number) : -1
    couldGoOn.push(last >= 0 && (machine.enabled() & (1 << last)) !== 0)
    const thread = threadOf(choice)
    // Its body would be run again, and not come back again.
    if (brokenOff !== undefined && at === schedule.length - 1) lines.push({ thread, text: `${brokenOff} …` })
    else {
      machine.step(choice)
      lines.push({ thread, text: stepText(machine, nameOfCell) })
    }
  }
  machine.rewind()
  const { kind, reason, stack } = finding
  return {
    kind,
    reason,
    schedule: scheduleText(schedule),
    preemptions: preemptionsOf(schedule, couldGoOn),
    table: columns(lines),
    ...(stack ? { stack } : {}),
  }
}

/** Whether the last step was broken off: its thread's body never came back from it. */
function isBrokenOff({ depth, trie, choice, node, stepNode, parked }: Machine): boolean {
  if (depth === 0 || !trie.isExtending) return false
  const last = choice[depth - 1] as number
  const thread = threadOf(last)
  const stays = parked.status[thread] === Status.waiting || isDeath(last)
  return !stays && node[thread] === stepNode[depth - 1]
}

/** The last step of the machine: `compareExchange(3, 0, 1) → 0`. */
function stepText(machine: Machine, nameOfCell: (cell: number) => string): string {
  const depth = machine.depth - 1
  const choice = machine.choice[depth] as number
  if (isDeath(choice)) return 'dies'
  const { trie } = machine
  const node = machine.stepNode[depth] as number
  const { kind, cell, value, expected, detail } = trie.operation(node)
  const result = machine.result[depth] as number
  const name = cell >= 0 ? nameOfCell(cell) : ''
  const big = (number: number) => `${trie.bigs.at(number)}n`
  switch (kind) {
    case Kind.load:
      return `load(${name}) → ${result}`
    case Kind.store:
      return `store(${name}, ${value})`
    case Kind.compareExchange:
      return `compareExchange(${name}, ${expected}, ${value}) → ${result}${result === expected ? '' : ', which fails'}`
    case Kind.wait:
      return machine.node[threadOf(choice)] === node ? `waits on ${name}` : `wait(${name}) → ${waitResults[result]}`
    case Kind.load64:
      return `load64(${name}) → ${big(result)}`
    case Kind.store64:
      return `store64(${name}, ${big(value)})`
    case Kind.add64:
      return `add64(${name}, ${big(value)}) → ${big(result)}`
    case Kind.compareExchange64:
      return `compareExchange64(${name}, ${big(expected)}, ${big(value)}) → ${big(result)}`
    case Kind.random:
      return `draws value ${result}`
    case Kind.awaitDeath:
      return `sees thread ${result} dead`
    case Kind.call:
      return `call ${label(detail)}`
    case Kind.return:
      return `return ${label(detail)}`
    default:
      return `${kindName(kind)}(${name}, ${value}) → ${result}`
  }
}

function label(detail: unknown): string {
  return typeof detail === 'string' ? detail : (JSON.stringify(detail) ?? String(detail))
}

function columns(lines: readonly Line[]): string {
  const threads = [...new Set(lines.map(({ thread }) => thread))].toSorted((one, other) => one - other)
  const titles = threads.map((thread) => `thread ${thread}`)
  const widths = threads.map((thread, at) =>
    Math.max(
      (titles[at] as string).length,
      ...lines.filter((line) => line.thread === thread).map(({ text }) => text.length),
    ),
  )
  const digits = String(lines.length).length
  const row = (first: string, cells: readonly string[]) =>
    `${first.padStart(digits)}  ${cells.map((cell, at) => cell.padEnd(widths[at] as number)).join('  ')}`.trimEnd()
  const body = lines.map(({ thread, text }, at) =>
    row(
      `${at + 1}`,
      threads.map((column) => (column === thread ? text : '')),
    ),
  )
  const left = body.length - 2 * SHOWN
  if (left > 0) body.splice(SHOWN, left, `${' '.repeat(digits)}  … ${left} steps more …`)
  return [row('', titles), ...body].join('\n')
}
