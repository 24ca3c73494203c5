import type { Clock } from '../../world/clock.js'
import type { AccountStatus } from '../ledger/budget-account.js'
import type { CostRules } from '../rules/cost-rules.js'
import type { ResolvedRule } from '../rules/resolve-rules.js'
import type { CostDecision } from '../rules/rule.js'
import type { CostAudit } from './cost-audit.js'
import type { CostCounters } from './cost-counters.js'
import { CostRefusedError } from './errors.js'
import type { PlannedCall } from './planned-call.js'

/** Asks the rules about calls, and tells what they said. */
export class RuleGate {
  constructor(
    readonly rules: CostRules,
    private readonly resolved: readonly ResolvedRule[],
    private readonly audit: CostAudit,
    private readonly clock: Clock,
  ) {}

  /**
   * After how many milliseconds the call may go; mostly 0, and always for one that can't wait. Throws a `CostRefusedError`. A place in a
   * throttle's queue or share is spent when it is given, whatever becomes of the call.
   */
  ask(call: PlannedCall, emergency: boolean, mayWait: boolean, counters: CostCounters): number {
    // Without rules nobody needs the figures.
    if (this.resolved.length === 0) return 0
    const { operation, category } = call.request
    const nowMs = this.clock.nowMs()
    const statuses = call.accounts.map((account) => account.status())
    const budgets = statuses.flatMap((status) => status.budgets)
    const decision = this.rules.decide({ operation, category, estimate: call.estimate, emergency }, budgets, nowMs)
    this.#tell(call, decision)
    const { action, rule, delayMs = 0 } = decision
    if (action === 'allow' || rule === undefined) return 0
    if (delayMs > 0 && mayWait) {
      counters.add('delayed')
      this.audit.write(call, 'throttled', 'rule', call.estimate, rule)
      return delayMs
    }
    counters.add(action === 'throttle' ? 'refusedByThrottle' : 'refusedByRule')
    counters.add('savings', call.estimate)
    const fault = decision.faults.find((each) => each.rule === rule)
    this.audit.write(call, 'refused', fault ? 'rule-error' : 'rule', call.estimate, rule)
    const throttledMs = delayMs > 0 ? delayMs : undefined
    const retryAfterMs = action === 'block' ? this.#untilPeriodEnds(rule, statuses, nowMs) : throttledMs
    throw new CostRefusedError(rule, action, operation, call.estimate, retryAfterMs, fault?.error)
  }

  #tell(call: PlannedCall, { alerts, overridden, faults }: CostDecision): void {
    for (const { rule } of alerts) this.audit.write(call, 'alert', 'rule', call.estimate, rule)
    for (const { rule } of faults) this.audit.write(call, 'alert', 'rule-error', call.estimate, rule)
    for (const rule of overridden) this.audit.write(call, 'overridden', 'emergency', call.estimate, rule)
  }

  /** For a rule that looks at budgets per day or month: until all of those begin anew, or lose a part of a sliding window. */
  #untilPeriodEnds(id: string, statuses: readonly AccountStatus[], nowMs: number): number | undefined {
    const type = this.resolved.find((rule) => rule.id === id)?.threshold.type
    if (type === undefined || type === 'rate' || type === 'single-operation') return undefined
    const per = type.endsWith('daily') ? 'day' : 'month'
    const ends = statuses.flatMap(({ budgets }) =>
      budgets.filter((budget) => budget.per === per).map((budget) => budget.periodEndMs),
    )
    return ends.length === 0 ? undefined : Math.max(0, Math.max(...ends) - nowMs)
  }
}
