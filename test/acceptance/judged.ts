import type { RunOptions } from '../../src/plan.js'
import type { Report } from '../../src/report.js'
import { find, run } from '../../src/stress.js'

/** A whole run of a scenario, judged, as a user would have it. */
export async function judged(scenario: string, options: RunOptions = {}): Promise<Report> {
  return run((await find('scenarios', scenario)).plan(options))
}

/** What the judge said, for the message of an assertion. */
export function said({ verdicts }: Report): string {
  return verdicts.map(({ checker, result, summary }) => `${checker}: ${result}, ${summary}`).join('\n')
}
