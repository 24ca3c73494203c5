import type { CircuitState } from '../breaker/life/control-word.js'
import type { Checker, Judgement } from '../checker.js'
import type { CircuitEvidence, TransitionRecord } from '../evidence.js'
import { number, plural } from '../reporting/figures.js'

/**
 * What a circuit may do by itself. The states that a person sets (forced-open, disabled, metrics-only) may follow, and
 * be followed by, any state but themselves.
 */
const automatic: Readonly<Partial<Record<CircuitState, readonly CircuitState[]>>> = {
  closed: ['open'],
  open: ['half-open'],
  'half-open': ['closed', 'open'],
}
const manual: readonly CircuitState[] = ['forced-open', 'disabled', 'metrics-only']

/** Every plan begins with a closed circuit. */
const initialState: CircuitState = 'closed'

/** The clocks of two threads agree only as well as their common origin was measured: less than this is no fall. */
const clockToleranceMs = 1

/** An epoch counter wraps to 0 after 2ⁿ − 1; one of fewer bits than this would let an old permission pass for a new one. */
const epochBitsMin = 16

const checker: Checker = {
  name: 'legal-transitions',
  question: 'Is every recorded transition one that a circuit breaker may make, in an unbroken chain?',

  applies: ({ circuits }) => circuits.length > 0 || 'the target has no circuit',

  check({ circuits }): Judgement {
    const details = circuits.flatMap(findings)
    const made = circuits.reduce((sum, { transitions }) => sum + transitions.length, 0)
    const scope = `${plural(made, 'transition')} of ${plural(circuits.length, 'view')}`
    if (details.length > 0) {
      return { result: 'invalid', summary: `${scope}: ${plural(details.length, 'contradiction')}`, details }
    }
    const gaps = circuits.filter(({ lost }) => lost > 0)
    if (gaps.length > 0) {
      const lines = gaps.map(({ view, lost }) => `${viewName(view)}: ${plural(lost, 'transition')} overwritten unread`)
      return { result: 'unknown', summary: `${scope} are legal, but not all could be read`, details: lines }
    }
    return { result: 'valid', summary: `${scope}, all legal, none missing` }
  },
}

function findings(circuit: CircuitEvidence): string[] {
  const { view, transitions, lost, finalState } = circuit
  const found: string[] = []
  let unread = lost
  let previous: TransitionRecord | undefined
  for (const [index, record] of transitions.entries()) {
    const say = (what: string) => found.push(`${viewName(view)}, ${describe(record, index)}: ${what}`)
    if (!isLegal(record)) say('no breaker may do this')
    const missing = previous === undefined ? 0 : missingBetween(previous.epoch, record.epoch)
    if (missing > 0 && missing <= unread) {
      // What lies between can't be read any more, so this record has nothing to be joined to.
      unread -= missing
    } else {
      const before = previous?.to ?? initialState
      const beginsUnread = previous === undefined && lost > 0
      if (record.from !== before && !beginsUnread) say(`the circuit was ${before} before it`)
      if (previous && missing !== 0) say(`the epoch before it was ${previous.epoch}, so this must be one more`)
    }
    if (previous && record.atMs < previous.atMs - clockToleranceMs) {
      say(`the transition before it came at ${number(previous.atMs, 3)} ms`)
    }
    previous = record
  }
  const last = previous?.to ?? initialState
  if (last !== finalState && unread === 0) {
    found.push(`${viewName(view)}: ended ${finalState}, but its last transition left it ${last}`)
  }
  return found
}

function isLegal({ from, to }: TransitionRecord): boolean {
  if (from === to) return false
  return manual.includes(from) || manual.includes(to) || (automatic[from]?.includes(to) ?? false)
}

/** How many epochs lie between two; negative where the second doesn't come after the first. */
function missingBetween(previous: number, next: number): number {
  const wraps = next === 0 && previous + 1 >= 2 ** epochBitsMin && Number.isInteger(Math.log2(previous + 1))
  return wraps ? 0 : next - previous - 1
}

function describe({ epoch, from, to, atMs }: TransitionRecord, index: number): string {
  return `transition ${index} (epoch ${epoch}, ${from} → ${to} at ${number(atMs, 3)} ms)`
}

function viewName(view: CircuitEvidence['view']): string {
  return view === 'shared' ? 'shared view' : `view of worker ${view}`
}

export default checker
