import type { Checker, Judgement, VerdictResult } from '../checker.js'
import { worst } from '../report.js'
import { number, percent, plural } from '../reporting/figures.js'
import { money, spendingFigures } from '../reporting/spending.js'

interface Answer {
  readonly result: VerdictResult
  readonly line: string
}

const checker: Checker = {
  name: 'spending-marks',
  question:
    'Is a call refused for its cost when a budget has no room, not before, and is what the budgets permit spent?',

  applies({ spending }) {
    return spending !== undefined || 'calls cost nothing'
  },

  check(evidence): Judgement {
    const figures = spendingFigures(evidence)
    if (!figures || figures.asked === 0) return { result: 'unknown', summary: 'no call asked for money' }
    const { marks } = evidence.plan
    const { asked, refused, refusedEarly, allowedRate, spent, affordable, spentShare } = figures
    const answers: Answer[] = [
      mark(
        refusedEarly === 0,
        `${number(refusedEarly)} of ${plural(refused, 'refusal')} for cost came while there was room`,
      ),
    ]
    if (marks.costRefusedMin !== undefined) {
      answers.push(
        mark(
          refused >= marks.costRefusedMin,
          `${number(refused)} of ${plural(asked, 'call')} refused for cost (≥ ${number(marks.costRefusedMin)})`,
        ),
      )
    }
    if (marks.allowedRateMin !== undefined) {
      answers.push(least(allowedRate, marks.allowedRateMin, 'of calls allowed'))
    }
    if (marks.spentShareMin !== undefined) {
      answers.push(
        least(spentShare, marks.spentShareMin, `spent of what was affordable, ${money(spent)} of ${money(affordable)}`),
      )
    }
    return {
      result: worst(answers.map(({ result }) => result)),
      summary: answers.map(({ line }) => line).join('; '),
      details: answers.filter(({ result }) => result !== 'valid').map(({ line }) => line),
    }
  },
}

function mark(holds: boolean, line: string): Answer {
  return { result: holds ? 'valid' : 'invalid', line }
}

function least(value: number | undefined, asked: number, what: string): Answer {
  if (value === undefined) return { result: 'unknown', line: `no share ${what} (≥ ${percent(asked)})` }
  return mark(value >= asked, `${percent(value)} ${what} (≥ ${percent(asked)})`)
}

export default checker
