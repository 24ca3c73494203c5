import type { HeapGrowth } from '../profiler/heap/growth.js'
import type { ClassFigures } from '../profiler/heap/histogram.js'
import { number, plural } from './figures.js'
import { type Column, figureTable } from './grid.js'
import type { Paint } from './paint.js'

/** What grew, who holds it, and the line that leads there. */
export function growthText(growth: HeapGrowth, paint: Paint, width: number): string {
  const { before, after, newObjects, clusters, clustersLeftOut, classes, classesLeftOut, categories } = growth
  const grown = categories.filter(({ bytesBefore, bytesAfter }) => bytesBefore !== bytesAfter)
  const lines = [
    `${bytes(before.bytes)} → ${bytes(after.bytes)}, ${signed(after.bytes - before.bytes)}; ${plural(newObjects.objects, 'new object')} of ${bytes(newObjects.bytes)}`,
    '',
    paint('bold', 'Who holds what is new'),
    ...clusters.flatMap(({ field, className, count, retained, path, owner, functions }) => [
      `  ${paint('bold', field)}  ${number(count)} × ${className}, ${bytes(retained)} retained (${owner})`,
      `      ${paint('dim', path)}`,
      ...(functions[0] ? [`      ${paint('dim', `functions like ${functions[0]}`)}`] : []),
    ]),
    ...(clustersLeftOut.count > 0
      ? [`  and ${plural(clustersLeftOut.count, 'more field')} with ${bytes(clustersLeftOut.bytes)}`]
      : []),
    '',
    paint('bold', 'By class'),
    figureTable(classColumns, classes, paint, width),
    ...(classesLeftOut > 0 ? [`  and ${number(classesLeftOut)} more`] : []),
    '',
    paint('bold', 'By kind'),
    figureTable(categoryColumns, grown, paint, width),
  ]
  return `${lines.join('\n')}\n`
}

/** What a heap is made of: the largest classes. */
export function histogramText(classes: readonly ClassFigures[], rowsMax: number, paint: Paint, width: number): string {
  const objects = classes.reduce((sum, { count }) => sum + count, 0)
  const size = classes.reduce((sum, { shallow }) => sum + shallow, 0)
  const more = classes.length > rowsMax ? `  and ${number(classes.length - rowsMax)} more\n` : ''
  const rows = classes.slice(0, rowsMax)
  return `${plural(objects, 'object')}, ${bytes(size)}\n\n${figureTable(histogramColumns, rows, paint, width)}\n${more}`
}

const histogramColumns: readonly Column<ClassFigures>[] = [
  { header: 'class', cell: ({ name }) => short(name), align: 'left' },
  { header: 'kind', cell: ({ category }) => category, align: 'left', dispensable: 1 },
  { header: 'objects', cell: ({ count }) => number(count) },
  { header: 'bytes', cell: ({ shallow }) => bytes(shallow) },
]

const classColumns: readonly Column<HeapGrowth['classes'][number]>[] = [
  { header: 'class', cell: ({ name }) => short(name), align: 'left' },
  { header: 'before', cell: ({ countBefore }) => number(countBefore), dispensable: 2 },
  { header: 'after', cell: ({ countAfter }) => number(countAfter), dispensable: 3 },
  { header: 'new', cell: ({ newCount }) => number(newCount) },
  { header: 'bytes', cell: ({ shallowGrowth }) => signed(shallowGrowth) },
  { header: 'retained', cell: ({ retainedGrowth }) => signed(retainedGrowth), dispensable: 1 },
]

const categoryColumns: readonly Column<HeapGrowth['categories'][number]>[] = [
  { header: 'kind', cell: ({ category }) => category, align: 'left' },
  { header: 'before', cell: ({ bytesBefore }) => bytes(bytesBefore) },
  { header: 'after', cell: ({ bytesAfter }) => bytes(bytesAfter) },
  { header: 'growth', cell: ({ bytesBefore, bytesAfter }) => signed(bytesAfter - bytesBefore) },
]

const NAME_COLUMNS_MAX = 40

function short(name: string): string {
  return name.length <= NAME_COLUMNS_MAX ? name : `${name.slice(0, NAME_COLUMNS_MAX - 1)}…`
}

/** `640 B`, `12.5 KB`, `3.81 MB`: of 2¹⁰ and 2²⁰ bytes. */
function bytes(value: number): string {
  if (Math.abs(value) < 2 ** 10) return `${number(value)} B`
  return Math.abs(value) < 2 ** 20 ? `${number(value / 2 ** 10, 1)} KB` : `${number(value / 2 ** 20, 2)} MB`
}

function signed(value: number): string {
  return value > 0 ? `+${bytes(value)}` : bytes(value)
}
