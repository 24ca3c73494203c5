import type { Checker, Judgement } from '../checker.js'
import { worst } from '../report.js'
import { plural } from '../reporting/figures.js'
import { type Survival, survivalsOf } from '../reporting/survival.js'

const checker: Checker = {
  name: 'exhaustion',
  question: 'Did the circuit open when a resource was used up, refuse cheaply, and recover, with nothing left behind?',

  applies: ({ exhaustion }) => exhaustion !== undefined || 'the plan uses nothing up',

  check(evidence): Judgement {
    const all = survivalsOf(evidence)
    const run = all.filter(({ skipped }) => skipped === undefined)
    const details = all.flatMap(({ case: name, wrong, unseen, said }) => {
      return [...wrong, ...unseen, ...said].map((line) => `${name}: ${line}`)
    })
    // Of none, unknown.
    return { result: worst(run.map(({ result }) => result)), summary: summaryOf(all), details }
  },
}

function summaryOf(all: readonly Survival[]): string {
  const names = (wanted: (survival: Survival) => boolean) => all.filter(wanted).map((one) => one.case)
  const isRun = ({ skipped }: Survival) => skipped === undefined
  const survived = names((one) => isRun(one) && one.result === 'valid')
  const parts = [
    ['not survived', names((one) => isRun(one) && one.result === 'invalid')],
    ['not known', names((one) => isRun(one) && one.result === 'unknown')],
    ['skipped', all.filter((one) => !isRun(one)).map((one) => `${one.case} (${one.skipped})`)],
  ] as const
  const told = parts.filter(([, cases]) => cases.length > 0).map(([what, cases]) => `${what}: ${cases.join(', ')}`)
  return [`${survived.length} of ${plural(all.length, 'case')} survived`, ...told].join('; ')
}

export default checker
