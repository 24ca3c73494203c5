import { ConfigurationError } from '../../breaker/errors.js'
import type { Cells } from '../../memory/cells.js'
import { fingerprintOf } from '../fingerprint.js'
import { RateMeter } from './rate-meter.js'
import type { ResolvedRule } from './resolve-rules.js'
import type { BudgetFigures, CostAlert, CostCall, CostDecision, RuleFault, RuleOptions } from './rule.js'
import { RuleLife } from './rule-life.js'
import type { RulesMap } from './rules-map.js'
import { type Ask, throttleOf } from './throttling.js'
import { isAt } from './use.js'

/** Prepares the rules' memory, which must be all zero, before any thread attaches. */
export function initializeRules(cells: Cells, map: RulesMap, rules: readonly ResolvedRule[]): void {
  cells.store(map.fingerprint, fingerprintOf(rules))
}

/** One thread's view of a rule. */
interface RuleEnd {
  readonly rule: ResolvedRule
  readonly life: RuleLife
  readonly meter: RateMeter
  readonly ask: Ask | undefined
}

/** What was found out about a call while rules were asked. Most calls find nothing, and that takes no room. */
class Findings {
  alerts: readonly CostAlert[] = NONE
  overridden: readonly string[] = NONE
  faults: readonly RuleFault[] = NONE
}
const NONE: readonly never[] = Object.freeze([])

/**
 * One thread's end of the rules: what they decide follows from the call, the budgets' figures, the time and the shared state.
 *
 * Rules are asked by priority. All alerts are raised. The first rule in force that blocks refuses the call, whatever the throttles say;
 * where none does, each throttle in force is asked for its share, until one refuses: so no throttle opens a way around a
 * block, and credit is not spent on calls that are blocked.
 */
export class CostRules {
  readonly #ends: readonly RuleEnd[]

  /** Throws a `ConfigurationError` if the memory was initialized for other rules, or a predicate is of no rule. */
  constructor(
    cells: Cells,
    map: RulesMap,
    rules: readonly ResolvedRule[],
    private readonly options: RuleOptions,
  ) {
    const ids = rules.map(({ id }) => id)
    if (cells.load(map.fingerprint) !== fingerprintOf(rules)) {
      throw new ConfigurationError('rules', ids, 'the rules that this memory was made for, the same in every thread')
    }
    const { onRuleError, predicates = {} } = options
    if (onRuleError !== 'refuse' && onRuleError !== 'allow') {
      throw new ConfigurationError('onRuleError', onRuleError, '"refuse", "allow"')
    }
    for (const id of Object.keys(predicates)) {
      if (!ids.includes(id))
        throw new ConfigurationError(`predicates.${id}`, predicates[id], `those of ${ids.join(', ')}`)
    }
    const ends = rules.map((rule, index) => ({
      rule,
      life: new RuleLife(cells, map.life(index), rule.cooldownMs, rule.recoveryWindowMs),
      meter: new RateMeter(cells, map.meter(index), rule.windowMs),
      ask: rule.throttle && throttleOf(cells, map.throttle(index), rule.throttle),
    }))
    this.#ends = ends.toSorted((one, other) => other.rule.priority - one.rule.priority)
  }

  /** What is to become of a call. `nowMs`: wall-clock milliseconds, the same clock in all threads. Throws a `RangeError` for an estimate that is no amount. */
  decide(call: CostCall, budgets: readonly BudgetFigures[], nowMs: number): CostDecision {
    checkAmount('an estimate', call.estimate)
    const findings = new Findings()
    let throttles: readonly RuleEnd[] = NONE
    let blockedBy: string | undefined
    for (const end of this.#ends) {
      const { rule } = end
      if (!appliesTo(rule, call)) continue
      const verdict = this.#ask(end, call, budgets, nowMs, findings)
      if (verdict === 'passes') continue
      if (call.emergency && rule.emergencyOverride) findings.overridden = [...findings.overridden, rule.id]
      else if (verdict === 'throttles') throttles = [...throttles, end]
      else blockedBy ??= rule.id
    }
    if (blockedBy !== undefined) return decisionOf('block', blockedBy, 0, findings)
    return throttles.length === 0 ? decisionOf('allow', undefined, 0, findings) : throttled(throttles, nowMs, findings)
  }

  /** Ids of the rules that block or throttle and that the last calls left in force, by priority. Those of single operations never are. */
  inForce(): readonly string[] {
    return this.#ends.filter(({ life }) => life.wasInForce).map(({ rule }) => rule.id)
  }

  /** Tells the rates of what a call has cost, in whole micro-units. Predicates are not asked. */
  record(call: Pick<CostCall, 'operation' | 'category'>, amount: number, nowMs: number): void {
    checkAmount('a cost', amount)
    for (const { rule, meter } of this.#ends) {
      if (rule.threshold.type === 'rate' && appliesTo(rule, call)) meter.record(amount, nowMs)
    }
  }

  #ask(
    end: RuleEnd,
    call: CostCall,
    budgets: readonly BudgetFigures[],
    nowMs: number,
    findings: Findings,
  ): 'passes' | 'throttles' | 'blocks' {
    const { rule } = end
    try {
      if (!this.#concerns(rule.id, call, budgets)) return 'passes'
      if (rule.action !== 'alert') {
        if (!isInForce(end, call, budgets, nowMs)) return 'passes'
        return rule.action === 'throttle' ? 'throttles' : 'blocks'
      }
      const spent = () => end.meter.sum(nowMs)
      if (!isAt(rule, rule.level, call, budgets, spent) || !end.life.mayAlert(nowMs)) return 'passes'
      const alert: CostAlert = { rule: rule.id, threshold: rule.threshold, call, atMs: nowMs }
      findings.alerts = [...findings.alerts, alert]
      this.options.onAlert?.(alert)
      return 'passes'
    } catch (error) {
      findings.faults = [...findings.faults, { rule: rule.id, error }]
      return this.options.onRuleError === 'refuse' ? 'blocks' : 'passes'
    }
  }

  #concerns(id: string, call: CostCall, budgets: readonly BudgetFigures[]): boolean {
    const { predicates } = this.options
    // An id such as "constructor" is no key of the user's.
    const predicate = predicates && Object.hasOwn(predicates, id) ? predicates[id] : undefined
    if (!predicate) return true
    const answer: unknown = predicate(call, budgets)
    if (typeof answer === 'boolean') return answer
    throw new TypeError(`the predicate of rule "${id}" gave ${String(answer)}; allowed: true, false`)
  }
}

function isInForce(
  { rule, life, meter }: RuleEnd,
  call: CostCall,
  budgets: readonly BudgetFigures[],
  nowMs: number,
): boolean {
  let sum: number | undefined
  const spent = () => {
    sum ??= meter.sum(nowMs)
    return sum
  }
  const reached = isAt(rule, rule.level, call, budgets, spent)
  // A call is expensive or not: there is nothing that lasts.
  if (rule.threshold.type === 'single-operation') return reached
  return life.isInForce(reached, !reached && !isAt(rule, rule.recoveryLevel, call, budgets, spent), nowMs)
}

function throttled(throttles: readonly RuleEnd[], nowMs: number, findings: Findings): CostDecision {
  let delayMs = 0
  let slowest = throttles[0]?.rule.id
  for (const { rule, ask } of throttles) {
    const wait = ask?.(nowMs)
    if (wait === undefined) return decisionOf('throttle', rule.id, 0, findings)
    if (wait > delayMs) slowest = rule.id
    delayMs = Math.max(delayMs, wait)
  }
  return decisionOf(delayMs > 0 ? 'throttle' : 'allow', slowest, delayMs, findings)
}

/** Written out: spreading objects into one costs more than asking all the rules. */
function decisionOf(
  action: CostDecision['action'],
  rule: string | undefined,
  delayMs: number,
  { alerts, overridden, faults }: Findings,
): CostDecision {
  if (rule === undefined) return { action, alerts, overridden, faults }
  if (delayMs === 0) return { action, rule, alerts, overridden, faults }
  return { action, delayMs, rule, alerts, overridden, faults }
}

function appliesTo({ operations, categories }: ResolvedRule, call: Pick<CostCall, 'operation' | 'category'>): boolean {
  if (operations && !operations.includes(call.operation)) return false
  return !categories || (call.category !== undefined && categories.includes(call.category))
}

function checkAmount(what: string, amount: number): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return
  throw new RangeError(`${what} is ${amount}; allowed: whole micro-units from 0 to ${Number.MAX_SAFE_INTEGER}`)
}
