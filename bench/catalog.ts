import { readdir } from 'node:fs/promises'
import type { Measure } from './measure.js'

const folder = new URL('./measures/', import.meta.url)

/** Every measure, in the order of the files' names and then of each file. A file is found by its name; none is registered. */
export async function allMeasures(): Promise<Measure[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.js')).toSorted()
  const loaded = await Promise.all(files.map(load))
  return loaded.flat()
}

async function load(file: string): Promise<readonly Measure[]> {
  const { measures } = (await import(new URL(file, folder).href)) as { measures?: readonly Measure[] }
  if (!measures) throw new Error(`bench/measures/${file} exports no measures`)
  return measures
}

export function chosen(measures: readonly Measure[], only: string | undefined): Measure[] {
  return measures.filter(({ name }) => only === undefined || name.includes(only))
}
