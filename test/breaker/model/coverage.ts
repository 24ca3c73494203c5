import type { CircuitState } from '../../../src/index.js'
import type { Command } from './commands.js'
import type { ReferenceModel } from './reference-model.js'

const windows = ['consecutive', 'count', 'time']
const states = ['closed', 'open', 'half-open', 'forced-open', 'disabled', 'metrics-only']
const reasons = [
  'created',
  'manual',
  'reset',
  'reconfigured',
  'wait-elapsed',
  'consecutive-failures',
  'failure-rate',
  'slow-call-rate',
  'probes-succeeded',
  'probes-failed',
  'probes-undecided',
]
const refusals = ['circuit', 'ramp-up', 'limit']
const commands: Command['do'][] = [
  'acquire',
  'report',
  'report again',
  'call',
  'pass',
  'pass to deadline',
  'change',
  'reset',
  'reconfigure',
]

/** Each window in each state and in each kind of refusal, each reason of a life, each command in each state, stale reports. */
const wanted = [
  ...windows.flatMap((window) => [...states, ...refusals].map((met) => `${window}, ${met}`)),
  ...reasons,
  ...commands.flatMap((command) => states.map((state) => `${command}, ${state}`)),
  'stale',
  'window not empty after an idle hour',
]

/** What a run of the model has met, so that a generator that leaves something out is noticed. */
export class Coverage {
  performed = 0
  readonly #met = new Map<string, number>()

  note(model: ReferenceModel, command: Command, stateBefore: CircuitState): void {
    const window = model.rules.slidingWindow.type
    this.performed += 1
    this.#meet(`${window}, ${model.state}`)
    this.#meet(`${command.do}, ${stateBefore}`)
    this.#meet(model.reason)
    if (model.refusal) this.#meet(`${window}, ${model.refusal.reason}`)
    if (model.totals.some(({ stale }) => stale > 0)) this.#meet('stale')
    if (command.do === 'pass' && command.ms >= 3_600_000 && model.measure().calls > 0) {
      this.#meet('window not empty after an idle hour')
    }
  }

  missing(): string[] {
    return wanted.filter((name) => !this.#met.has(name))
  }

  #meet(name: string): void {
    this.#met.set(name, (this.#met.get(name) ?? 0) + 1)
  }
}
