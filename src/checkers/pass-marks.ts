import type { Checker, Judgement, VerdictResult } from '../checker.js'
import type { Evidence } from '../evidence.js'
import type { Marks } from '../plan.js'
import { worst } from '../report.js'
import { number, percent, significant } from '../reporting/figures.js'
import { relaxationOf } from '../reporting/relaxation.js'
import { type SteadyFigures, steadyFigures } from '../reporting/steady.js'

/** One mark: what is asked, what was reached, and how it reads. */
interface Mark {
  readonly field: keyof Marks
  readonly label: string
  readonly bound: 'min' | 'max'
  /** Whether the machine's size relaxes it: speed depends on the machine, counts don't. */
  readonly relaxes: (figures: SteadyFigures) => boolean
  readonly value: (figures: SteadyFigures) => number | undefined
  readonly format: (value: number) => string
}

const ms = (value: number) => `${significant(value)} ms`
const mb = (value: number) => `${number(value, 1)} MB`
/**
 * A bare loop that comes to less of what was intended is short of processors. Threads that should wait then wait for each other: what a
 * call costs beyond the bare one is not hidden by waiting any more, and is paid as often as there are threads to a processor.
 */
const IDEAL_OF_FREE_PROCESSORS = 0.9

/** Threads that wait for each other are still compiling when they are measured, and what the compilers of all hold comes and goes. */
const shortOfProcessors = ({ ideal }: SteadyFigures) => ideal !== undefined && ideal < IDEAL_OF_FREE_PROCESSORS

const always = () => true
const never = () => false
const perSecond = (value: number) => `${number(value, value < 100 ? 1 : 0)}/s`

const marks: readonly Mark[] = [
  {
    field: 'throughputPerSecondMin',
    label: 'throughput',
    bound: 'min',
    relaxes: always,
    value: (f) => f.throughputPerSecond,
    format: perSecond,
  },
  { field: 'latencyMsP95Max', label: 'p95', bound: 'max', relaxes: always, value: (f) => f.p95Ms, format: ms },
  { field: 'latencyMsP99Max', label: 'p99', bound: 'max', relaxes: always, value: (f) => f.p99Ms, format: ms },
  {
    field: 'memoryGrowthMbMax',
    label: 'memory growth',
    bound: 'max',
    relaxes: shortOfProcessors,
    value: (f) => f.ownGrowthMb,
    format: mb,
  },
  {
    field: 'successRateMin',
    label: 'success',
    bound: 'min',
    relaxes: never,
    value: (f) => f.successRate,
    format: percent,
  },
  {
    field: 'processedRateMin',
    label: 'processed',
    bound: 'min',
    relaxes: never,
    value: (f) => f.processedRate,
    format: percent,
  },
  {
    field: 'efficiencyMin',
    label: 'achieved ÷ ideal',
    bound: 'min',
    relaxes: shortOfProcessors,
    value: (f) => f.efficiency,
    format: (v) => number(v, 3),
  },
]

const checker: Checker = {
  name: 'pass-marks',
  question: 'Were the marks of the plan reached over its steady stages?',

  applies({ plan }) {
    if (marks.every(({ field }) => plan.marks[field] === undefined)) return 'the plan sets no marks'
    return plan.stages.some(({ role }) => role === 'steady') || 'the plan has no steady stage'
  },

  check(evidence): Judgement {
    const figures = steadyFigures(evidence)
    const relaxation = relaxationOf(evidence)
    const judged = marks.flatMap((mark) => {
      const asked = evidence.plan.marks[mark.field]
      return asked === undefined ? [] : [judgeMark(mark, asked, figures, relaxation.factor)]
    })
    const details = judged.filter(({ result }) => result !== 'valid').map(({ line }) => line)
    if (evidence.plan.marks.memoryGrowthMbMax !== undefined) details.push(memoryLine(evidence))
    return {
      result: worst(judged.map(({ result }) => result)),
      summary: [...judged.map(({ line }) => line), ...idealLine(evidence, figures), relaxation.reason ?? []]
        .flat()
        .join('; '),
      details,
    }
  },
}

function judgeMark(
  mark: Mark,
  asked: number,
  figures: SteadyFigures,
  factor: number,
): { result: VerdictResult; line: string } {
  const { bound, label, format, relaxes } = mark
  const relaxed = relaxes(figures) ? (bound === 'min' ? asked / factor : asked * factor) : asked
  const sign = bound === 'min' ? '≥' : '≤'
  const allowed =
    relaxed === asked ? `${sign} ${format(asked)}` : `${sign} ${format(asked)}, relaxed to ${format(relaxed)}`
  const value = mark.value(figures)
  if (value === undefined || Number.isNaN(value)) {
    return { result: 'unknown', line: `${label} not measured (${allowed})` }
  }
  const reached = bound === 'min' ? value >= relaxed : value <= relaxed
  const line = `${label} ${format(value)} (${allowed})`
  return reached ? { result: 'valid', line } : { result: 'invalid', line: `${line} missed` }
}

/** Noise on the machine slows the bare loop too; what is left is the engine's and the breaker's. */
function idealLine({ plan }: Evidence, { ideal }: SteadyFigures): string[] {
  if (plan.marks.efficiencyMin === undefined || ideal === undefined) return []
  return [`ideal is the bare loop of this run, ${number(ideal, 3)} of in flight ÷ mean intended duration`]
}

/** The threads' own heaps are shown apart: they are what Node costs, whatever the breaker does. */
function memoryLine({ memory }: Evidence): string {
  return `memory grew by ${mb(memory.growthMb)} in all, of which the threads' own heaps ${mb(memory.threadsGrowthMb)}`
}

export default checker
