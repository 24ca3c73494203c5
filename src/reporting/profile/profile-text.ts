import { type ProfileAnalysis, type ThreadAnalysis, topFunctions } from '../../profiler/analysis/analysis.js'
import type { CategoryChange, FunctionChange, ProfileDifference } from '../../profiler/analysis/difference.js'
import { type Category, categories } from '../../profiler/analysis/places.js'
import { number, plural, span } from '../figures.js'
import { type Column, figureTable } from '../grid.js'
import type { Paint } from '../paint.js'
import { place } from './flame-data.js'

const titles = { cpu: 'CPU time', allocation: 'memory allocated and still held' } as const

/** Where time or memory went, for a person at a terminal: shares of every thread, then the costliest functions. */
export function profileText(analysis: ProfileAnalysis, paint: Paint, width: number, functionsMax: number): string {
  const { kind, merged, threads } = analysis
  const shown = threads.length > 1 ? [merged, ...threads] : threads
  const whose = kind === 'cpu' ? '% of the busy time' : '% of the bytes'
  return [
    `${paint('bold', titles[kind])}, % of ${summary(analysis)}\n${shareTable(shown, paint, width)}`,
    ...shown.flatMap((thread, i) => {
      // Of one thread the few that matter; of all together as many as were asked for.
      const most = i === 0 ? functionsMax : Math.min(functionsMax, functionsOfAThread)
      return (i === 0 ? (['self', 'total'] as const) : (['self'] as const)).map((by) => {
        const title = by === 'self' ? 'most of their own' : 'most with what they call'
        return `${paint('bold', thread.thread)}: ${title}, ${whose}\n${functionTable(thread, by, most, paint, width)}`
      })
    }),
  ].join('\n\n')
}

const functionsOfAThread = 5

/** What became hotter and what cooler, of each the `functionsMax` that changed most. */
export function differenceText(
  { kind, categories: changes, functions }: ProfileDifference,
  paint: Paint,
  width: number,
  functionsMax: number,
): string {
  const hotter = functions.filter(({ self }) => self.change > 0).slice(0, functionsMax)
  const cooler = functions.filter(({ self }) => self.change < 0).toReversed()
  const whose = kind === 'cpu' ? '% of the busy time' : '% of the bytes'
  const present = changes.filter(({ before, after }) => before > 0 || after > 0)
  return [
    `${paint('bold', titles[kind])}, % of all\n${figureTable(categoryColumns, present, paint, width)}`,
    `${paint('bold', 'hotter')}, ${whose}\n${changeTable(hotter, paint, width)}`,
    `${paint('bold', 'cooler')}, ${whose}\n${changeTable(cooler.slice(0, functionsMax), paint, width)}`,
  ].join('\n\n')
}

function summary({ kind, merged, threads }: ProfileAnalysis): string {
  const amount = kind === 'cpu' ? span(merged.total / 1000) : `${number(merged.total / 1e6, 1)} MB`
  const samples = merged.samples > 0 ? ` in ${plural(merged.samples, 'sample')}` : ''
  return `${amount} of ${plural(threads.length, 'thread')}${samples}`
}

function shareTable(threads: readonly ThreadAnalysis[], paint: Paint, width: number): string {
  const columns: Column<ThreadAnalysis>[] = [
    { header: 'thread', cell: ({ thread }) => thread, align: 'left' },
    ...categories
      .filter((category) => threads.some((thread) => shareOf(thread, category) > 0))
      .map((category) => ({
        header: category,
        cell: (thread: ThreadAnalysis) => percent(shareOf(thread, category)),
      })),
  ]
  return figureTable(columns, threads, paint, width)
}

function functionTable(
  thread: ThreadAnalysis,
  by: 'self' | 'total',
  most: number,
  paint: Paint,
  width: number,
): string {
  return figureTable(
    [
      { header: 'self', cell: ({ selfShare }) => percent(selfShare) },
      { header: 'total', cell: ({ totalShare }) => percent(totalShare) },
      { header: 'of', cell: ({ category }) => category, align: 'left', dispensable: 1 },
      { header: 'function', cell: ({ name }) => name, align: 'left' },
      { header: 'place', cell: place, align: 'left', dispensable: 2 },
    ],
    topFunctions(thread, by, most),
    paint,
    width,
  )
}

const categoryColumns: readonly Column<CategoryChange>[] = [
  { header: 'of', cell: ({ category }) => category, align: 'left' },
  { header: 'before', cell: ({ before }) => percent(before) },
  { header: 'after', cell: ({ after }) => percent(after) },
  { header: 'change', cell: ({ change }) => signed(change) },
]

function changeTable(changes: readonly FunctionChange[], paint: Paint, width: number): string {
  if (changes.length === 0) return '  nothing'
  return figureTable(
    [
      { header: 'self', cell: ({ self }) => signed(self.change) },
      { header: 'before', cell: ({ self }) => percent(self.before), dispensable: 3 },
      { header: 'after', cell: ({ self }) => percent(self.after), dispensable: 3 },
      { header: 'total', cell: ({ total }) => signed(total.change), dispensable: 1 },
      { header: 'chance?', cell: chanceText },
      { header: 'function', cell: ({ name }) => name, align: 'left' },
      { header: 'file', cell: ({ file }) => file, align: 'left', dispensable: 2 },
    ],
    changes,
    paint,
    width,
  )
}

/** Whether the change may be nothing but the chance of which moments were sampled. */
function chanceText({ beyondChance }: FunctionChange): string {
  if (beyondChance === undefined) return '?'
  return beyondChance ? 'no' : 'maybe'
}

function shareOf({ shares }: ThreadAnalysis, wanted: Category): number {
  return shares.find(({ category }) => category === wanted)?.share ?? 0
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}

function signed(change: number): string {
  const text = percent(change)
  return change > 0 && text !== '0.0' ? `+${text}` : text.replace('-0.0', '0.0')
}
