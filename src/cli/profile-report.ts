import type { Evidence } from '../evidence.js'
import { planTitle } from '../plan-title.js'
import { analyseProfiles } from '../profiler/analysis/analysis.js'
import { readProfiles } from '../profiler/analysis/read-profiles.js'
import { speedscopeJson } from '../profiler/analysis/speedscope.js'
import { writeWhole } from '../profiler/profile-file.js'
import type { Paint } from '../reporting/paint.js'
import { flamePage } from '../reporting/profile/flame-page.js'
import { profileText } from '../reporting/profile/profile-text.js'

/** `<scenario>.<target>.<run>` of a profile's file name: what stands before the thread. */
const beginning = /^(.*)\.(?:coordinator|worker-\d+)\.(?:[\w-]+\.)?\w+$/

/**
 * What a run's profiles tell, as text; beside them it writes a page of flame graphs and one file of all threads for
 * speedscope. A file that can't be written is said in the text, and the rest is told all the same.
 */
export async function profileReport(evidence: Evidence, paint: Paint, width: number, top: number): Promise<string> {
  const { plan, profiles: files, notes } = evidence
  const profiles = await readProfiles(files)
  const analyses = analyseProfiles(profiles)
  const title = planTitle(plan)
  const prefix = beginning.exec(files[0] ?? '')?.[1]
  const written: string[] = []
  const failures: string[] = []
  const write = async (what: string, file: string, pieces: Iterable<string>, opening: string) => {
    try {
      await writeWhole(what, file, pieces)
      written.push(`${file}\n    ${opening}`)
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
  }
  if (prefix !== undefined && profiles.length > 0) {
    const page = [flamePage(analyses, `${title}, ${evidence.startedAt}`)]
    await write(
      'flame graph',
      `${prefix}.html`,
      page,
      'flame graphs of every thread: open it in a browser; it needs no network',
    )
    const all = speedscopeJson(profiles, title)
    await write(
      'speedscope file',
      `${prefix}.speedscope.json`,
      all,
      'all threads: drop it on https://www.speedscope.app',
    )
  }
  return [
    `${paint('bold', title)}\n`,
    ...analyses.map((analysis) => `${profileText(analysis, paint, width, top)}\n`),
    section(paint, 'files', [...written, ...kindsOf(files, prefix)]),
    section(paint, 'notes', [...notes, ...failures]),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

const openings: readonly (readonly [ending: string, opening: string])[] = [
  ['.cpuprofile', 'Chrome DevTools → Performance → Load profile; or VS Code, or speedscope'],
  ['.heapprofile', 'Chrome DevTools → Memory → Load; or VS Code, or speedscope'],
  ['.heapsnapshot', 'Chrome DevTools → Memory → Load; Comparison shows what grew'],
]

/** One entry for each kind of file, of which there may be hundreds. */
function kindsOf(files: readonly string[], prefix = ''): string[] {
  return openings.flatMap(([ending, opening]) => {
    const count = files.filter((file) => file.endsWith(ending)).length
    return count === 0 ? [] : [`${prefix}.*${ending} (${count})\n    ${opening}`]
  })
}

function section(paint: Paint, title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${paint('bold', title)}\n${lines.map((line) => `  ${line}\n`).join('')}`
}
