import type { Specification } from '../../history/specification.js'

/** What a permission is, as far as its holder can tell. */
export interface Permission {
  readonly epoch: number
  readonly probe: boolean
}

/** One call or report, or one of the instants at which it takes effect. */
export interface BreakerAction {
  readonly does: 'acquire' | 'succeed' | 'fail' | 'check' | 'record' | 'begin' | 'conclude' | 'claim'
  /** Of a report: of what. */
  readonly permission?: Permission
  readonly failed?: boolean
  /** Its own, to tell it from others. */
  readonly id: string
}

/** Of an acquire, what it gave; of a report, whether it was applied. */
export type BreakerResult = Permission | 'refused' | 'applied' | 'stale'

export interface BreakerState {
  readonly state: 'closed' | 'open' | 'half-open'
  readonly epoch: number
  /** Failures in a row. */
  readonly row: number
  /** Reports that made the row long enough, and have yet to open the circuit. */
  readonly owed: readonly string[]
  /** Of a half-open life: probes given, successes, failures. */
  readonly given: number
  readonly succeeded: number
  readonly failed: number
}

export interface BreakerRules {
  /** Failures in a row that open it. */
  readonly failures: number
  /** Calls that a half-open life lets through; the share of them that must fail is a half. */
  readonly permitted: number
  /** Whether an open circuit's wait is over at once, or never. */
  readonly waits: 'not' | 'for ever'
}

/**
 * A breaker of consecutive failures: strict in state, epoch, permissions and in who trips. What is not at one instant is said so: a
 * report looks at the life, is recorded, and draws the conclusion, each at a moment of its own between its call and its return.
 */
export function breakerSpecification(
  rules: BreakerRules,
  initial: Partial<BreakerState> = {},
): Specification<BreakerState, BreakerAction, BreakerResult> {
  return {
    initial: { state: 'closed', epoch: 0, row: 0, owed: [], given: 0, succeeded: 0, failed: 0, ...initial },
    instants: instantsOf,
    apply(state, action, result) {
      switch (action.does) {
        case 'begin':
          return state.state === 'open' && rules.waits === 'not' ? next(state, 'half-open') : state
        case 'claim':
          return claim(state, result, rules)
        case 'check':
          return check(state, action, result)
        case 'record':
          return result === 'stale' ? state : record(state, action, rules)
        case 'conclude':
          return conclude(state, action, rules)
        default:
          return undefined
      }
    },
  }
}

function instantsOf({ does, ...rest }: BreakerAction): readonly BreakerAction[] {
  // Who asks may also draw the conclusion that a dead prober left.
  if (does === 'acquire') return (['begin', 'conclude', 'claim'] as const).map((part) => ({ does: part, ...rest }))
  const failed = does === 'fail'
  return (['check', 'record', 'conclude'] as const).map((part) => ({ ...rest, does: part, failed }))
}

function next(state: BreakerState, to: BreakerState['state']): BreakerState {
  return { state: to, epoch: state.epoch + 1, row: 0, owed: [], given: 0, succeeded: 0, failed: 0 }
}

function claim(
  state: BreakerState,
  result: BreakerResult | undefined,
  { permitted }: BreakerRules,
): BreakerState | undefined {
  if (state.state === 'closed') return gives(result, { epoch: state.epoch, probe: false }) ? state : undefined
  if (state.state === 'half-open' && state.given < permitted) {
    return gives(result, { epoch: state.epoch, probe: true }) ? { ...state, given: state.given + 1 } : undefined
  }
  return result === undefined || result === 'refused' ? state : undefined
}

function gives(result: BreakerResult | undefined, { epoch, probe }: Permission): boolean {
  if (result === undefined) return true
  return typeof result === 'object' && result.epoch === epoch && result.probe === probe
}

/** A report is applied if its life is in force as it looks. */
function check(
  state: BreakerState,
  { permission }: BreakerAction,
  result: BreakerResult | undefined,
): BreakerState | undefined {
  const isInForce = permission?.epoch === state.epoch
  return result === undefined || (result === 'applied') === isInForce ? state : undefined
}

/** Recorded is only what still concerns the life in force. */
function record(state: BreakerState, { permission, failed, id }: BreakerAction, rules: BreakerRules): BreakerState {
  if (permission?.epoch !== state.epoch) return state
  if (permission.probe) {
    return failed ? { ...state, failed: state.failed + 1 } : { ...state, succeeded: state.succeeded + 1 }
  }
  if (!failed) return { ...state, row: 0 }
  const row = state.row + 1
  return { ...state, row, owed: row >= rules.failures ? [...state.owed, id] : state.owed }
}

function conclude(state: BreakerState, { id }: BreakerAction, { permitted }: BreakerRules): BreakerState {
  if (state.state === 'closed') return state.owed.includes(id) ? next(state, 'open') : state
  if (state.state !== 'half-open') return state
  // Half of the probes failing open it again; it is decided as soon as those still out cannot change how.
  const enough = Math.ceil(permitted / 2)
  if (state.failed >= enough) return next(state, 'open')
  return permitted - state.succeeded < enough ? next(state, 'closed') : state
}
