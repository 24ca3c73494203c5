import {
  type CallCounts,
  type CallNotPermittedError,
  type CircuitState,
  type Configuration,
  type Permission,
  SharedCircuitBreaker,
} from '../../../src/index.js'
import { FakeClock } from '../../fake-clock.js'
import { attempt, failing } from '../driver.js'
import { type Command, ENDS, fits, isAllowed, type Setting } from './commands.js'
import { type Call, type Outcome, ReferenceModel } from './reference-model.js'

/** A call as both know it. */
interface Held {
  readonly permission: Permission
  readonly call: Call
  /** Whether the breaker remembers the call itself, and so knows whether it was reported. */
  readonly isFollowed: boolean
}

/** A breaker, with two ends, and its model, to which the same is done on the same clock. Throws at the first difference. */
export class SideBySide {
  readonly model: ReferenceModel
  readonly #created: Setting['rules']
  readonly #clock: FakeClock
  readonly #ends: SharedCircuitBreaker[] = []
  #held: Held[] = []
  readonly #reported: Held[] = []
  #performed = 0

  /** `breakerRules`: what the breaker is to have instead, to see that a difference is found. */
  constructor({ rules, initialState, startMs }: Setting, breakerRules: Partial<Setting['rules']> = {}) {
    this.#clock = new FakeClock(startMs)
    this.#created = rules
    this.model = new ReferenceModel(initialState, rules, this.#clock, ENDS)
    const options = { name: 'modelled', maxThreads: ENDS, eventCapacity: 16, initialState, ...rules, ...breakerRules }
    const first = SharedCircuitBreaker.create(options, { clock: this.#clock })
    this.#ends.push(first)
    while (this.#ends.length < ENDS) {
      this.#ends.push(SharedCircuitBreaker.attach(first.handle, {}, { clock: this.#clock }))
    }
  }

  perform(command: Command): void {
    switch (command.do) {
      case 'acquire':
        this.#acquire(command.end)
        break
      case 'report':
        this.#report(command.which, command.outcome)
        break
      case 'report again':
        this.#reportAgain(command.which, command.outcome)
        break
      case 'call':
        for (let time = 0; time < command.times; time++) this.#call(command.end, command.fails, command.tookMs)
        break
      case 'pass':
        this.#clock.pass(command.ms)
        break
      case 'pass to deadline':
        this.#passToDeadline(command.which, command.offMs)
        break
      case 'change':
        this.#change(command.end, command.to, command.forMs)
        break
      case 'reset':
        this.#end(command.end).reset()
        this.model.reset()
        break
      case 'reconfigure':
        this.#reconfigure(command.end, command.rules)
        break
    }
    this.#compare()
  }

  /** Gives back what the breaker holds of its thread. */
  close(): void {
    for (const end of this.#ends) end.detach()
  }

  #acquire(end: number): void {
    const breaker = this.#end(end)
    const permission = breaker.tryAcquirePermission()
    const call = this.model.acquire(end)
    same('admitted', permission !== 0, call !== undefined)
    if (!call) {
      this.#compareRefusal(breaker.refusal())
      return
    }
    same('probe', breaker.isProbe(permission), call.isProbe)
    same('epoch of the permission', breaker.epochOf(permission), call.epoch)
    const { slowCallDurationThresholdMs: slow, maxConcurrentCalls: limit } = this.model.rules
    this.#held.push({ permission, call, isFollowed: call.isProbe || slow !== undefined || limit !== undefined })
  }

  #report(which: number, outcome: Outcome): void {
    const held = this.#held[which % this.#held.length]
    if (!held) return
    this.#held = this.#held.filter((other) => other !== held)
    this.#reported.push(held)
    same('report counts', this.#tell(held, outcome), this.model.report(held.call, outcome))
  }

  /** Where the breaker remembers nothing of a call, a second report in its life is one more call: that is not done. */
  #reportAgain(which: number, outcome: Outcome): void {
    const known = this.#reported.filter(({ isFollowed, call }) => isFollowed || call.epoch !== this.model.epoch)
    const held = known[which % known.length]
    if (held) same('second report counts', this.#tell(held, outcome), this.model.report(held.call, outcome))
  }

  #tell({ permission, call }: Held, outcome: Outcome): boolean {
    const breaker = this.#end(call.end)
    if (outcome === 'ignored') return breaker.releasePermission(permission)
    return outcome === 'success' ? breaker.onSuccess(permission) : breaker.onError(permission, new Error('reported'))
  }

  #call(end: number, fails: boolean, tookMs: number): void {
    const call = this.model.acquire(end)
    let ran = false
    const result = attempt(() =>
      this.#end(end).executeSync(() => {
        ran = true
        this.#clock.pass(tookMs)
        return fails ? failing() : undefined
      }),
    )
    same('ran', ran, call !== undefined)
    if (call) this.model.report(call, fails ? 'error' : 'success')
    else this.#compareRefusal(result as Error)
  }

  #passToDeadline(which: number, offMs: number): void {
    const now = this.#clock.nowMs()
    const toCome = deadlinesOf(this.model, now)
      .map((deadline) => Math.ceil(deadline * 2) / 2 + offMs)
      .filter((deadline) => deadline > now)
    const deadline = toCome[which % toCome.length]
    if (deadline !== undefined) this.#clock.pass(deadline - now)
  }

  #change(end: number, to: CircuitState, forMs: number | undefined): void {
    const breaker = this.#end(end)
    this.model.transitionTo(to, forMs)
    const changes: Record<CircuitState, () => void> = {
      closed: () => breaker.transitionToClosed(),
      open: () => breaker.transitionToOpen(forMs),
      'half-open': () => breaker.transitionToHalfOpen(),
      'forced-open': () => breaker.forceOpen(),
      disabled: () => breaker.disable(),
      'metrics-only': () => breaker.metricsOnly(),
    }
    changes[to]()
  }

  /** Rules that are not allowed, or for which there is no room, must change nothing. */
  #reconfigure(end: number, rules: Partial<Configuration>): void {
    const breaker = this.#end(end)
    const refused = attempt(() => breaker.reconfigure(rules)) as { code?: string } | undefined
    const wanted = { ...this.model.rules, ...rules }
    const allows = isAllowed(wanted) && fits(wanted, this.#created)
    same('reconfigured', refused?.code, allows ? undefined : 'ERR_CONFIGURATION')
    if (allows) this.model.reconfigure(rules)
  }

  #compareRefusal(refusal: Error): void {
    const { state, reason, retryAfterMs } = refusal as CallNotPermittedError
    same('refused in state', state, this.model.refusal?.state)
    same('reason of the refusal', reason, this.model.refusal?.reason)
    same('retryAfterMs', retryAfterMs, this.model.refusal?.retryAfterMs)
  }

  /** By the ends in turn: what one has done, the other sees. */
  #compare(): void {
    const { model } = this
    this.#performed += 1
    const found = this.#end(this.#performed % ENDS).snapshot()
    same('state', found.state, model.state)
    same('epoch', found.epoch, model.epoch)
    same('reason', found.reason, model.reason)
    same('sinceMs', found.sinceMs, model.sinceMs)
    same('retryAtMs', found.retryAtMs, model.state === 'open' ? model.retryAtMs : undefined)
    same('attempt', found.attempt, model.attempt)
    const window = model.measure()
    same('calls', found.calls, window.calls)
    same('failures', found.failures, window.failures)
    same('slow', found.slow, window.slow)
    same('seats taken', found.seatsTaken, model.seatsTaken())
    for (const name of Object.keys(found.total) as (keyof CallCounts)[]) {
      const totals = model.totals.map((total) => total[name])
      same(`total.${name}`, found.total[name], sum(totals))
      for (let end = 0; end < ENDS; end++)
        same(`total.${name} of end ${end}`, found.threads[end]?.total[name], totals[end])
    }
  }

  #end(index: number): SharedCircuitBreaker {
    return this.#ends[index] as SharedCircuitBreaker
  }
}

/** All that something is waiting for. */
function deadlinesOf(model: ReferenceModel, now: number): number[] {
  const { rules, sinceMs } = model
  const window = rules.slidingWindow
  const bucketMs = window.type === 'time' ? window.durationMs / window.buckets : 0
  const nextBucket = Math.floor(now / bucketMs) + 1
  return [
    model.retryAtMs,
    model.rampUpEndsMs,
    ...(model.isRampingUp() ? [model.rampUpStepEndsMs()] : []),
    ...(model.state === 'half-open' ? [sinceMs + rules.maxWaitDurationInHalfOpenStateMs] : []),
    ...model.probes.map((probe) => probe.beganMs + rules.leaseDurationMs),
    ...model.underWay.map((call) => call.beganMs + (rules.slowCallDurationThresholdMs ?? 0)),
    ...(bucketMs > 0 ? [1, 2, 10].map((buckets) => (nextBucket - 1 + buckets) * bucketMs) : []),
  ]
}

function sum(figures: readonly number[]): number {
  return figures.reduce((before, figure) => before + figure, 0)
}

/** Cheaper than an assertion that is made some millions of times. */
function same(what: string, breaker: unknown, model: unknown): void {
  if (!Object.is(breaker, model)) throw new Error(`${what}: the breaker says ${breaker}, the model ${model}`)
}
