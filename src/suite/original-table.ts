import type { VerdictResult } from '../checker.js'
import { shownName } from '../plug-in-path.js'
import type { Report } from '../report.js'
import { significant } from '../reporting/figures.js'
import type { Column, DrawTable } from '../reporting/grid.js'
import type { SuiteMark } from '../suite.js'
import { type OriginalMark, originalMarks, originalScenarios } from './original-marks.js'

/** Every mark of the original's eleven tests beside what was reached here; one row also for a scenario that was not run. */
export function originalRows(reports: readonly Report[]): SuiteMark[] {
  return originalScenarios.flatMap((scenario) => {
    const marks = originalMarks[scenario] ?? []
    const report = reports.find(({ evidence }) => shownName(evidence.plan.scenario) === scenario)
    if (!report) return marks.map((mark) => ({ ...asked(scenario, mark), result: 'unknown' as const }))
    return marks.map((mark): SuiteMark => {
      const reached = mark.reached(report.evidence)
      if (reached === undefined || !Number.isFinite(reached)) return { ...asked(scenario, mark), result: 'unknown' }
      return { ...asked(scenario, mark), reached, result: holds(reached, mark.wanted) ? 'valid' : 'invalid' }
    })
  })
}

function asked(scenario: string, { what, wanted, unit, example }: OriginalMark): Omit<SuiteMark, 'result'> {
  const [sign, value] = signed(wanted)
  return {
    scenario,
    what,
    wanted: `${sign} ${text(value, unit)}`,
    unit,
    ...(example === undefined ? {} : { example }),
  }
}

/** Nothing unless a suite was asked for. */
export function drawOriginal<Part>(rows: readonly SuiteMark[] | undefined, draw: DrawTable<Part>): Part[] {
  if (!rows) return []
  return [draw('the original’s eleven tests: its marks, its example results, and what was reached here', columns, rows)]
}

const signs: Readonly<Record<VerdictResult, string>> = { valid: 'yes', invalid: 'no', unknown: 'not told' }

const columns: readonly Column<SuiteMark>[] = [
  { header: 'scenario', cell: ({ scenario }) => scenario, align: 'left' },
  { header: 'mark', cell: ({ what }) => what, align: 'left' },
  { header: 'wanted', cell: ({ wanted }) => wanted },
  { header: 'example', cell: ({ example, unit }) => text(example, unit) },
  { header: 'here', cell: ({ reached, unit }) => text(reached, unit) },
  { header: 'reached', cell: ({ result }) => signs[result], align: 'left' },
]

function text(value: number | undefined, unit: string): string {
  if (value === undefined) return ''
  return unit === '' || unit === '/s' ? `${significant(value)}${unit}` : `${significant(value)} ${unit}`
}

function signed(wanted: OriginalMark['wanted']): readonly [string, number] {
  if ('above' in wanted) return ['>', wanted.above]
  if ('below' in wanted) return ['<', wanted.below]
  return 'atLeast' in wanted ? ['≥', wanted.atLeast] : ['≤', wanted.atMost]
}

function holds(value: number, wanted: OriginalMark['wanted']): boolean {
  if ('above' in wanted) return value > wanted.above
  if ('below' in wanted) return value < wanted.below
  return 'atLeast' in wanted ? value >= wanted.atLeast : value <= wanted.atMost
}
