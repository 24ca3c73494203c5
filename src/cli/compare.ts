import type { Command } from 'commander'
import { readBaseline } from '../baseline/baseline.js'
import { compare } from '../baseline/compare.js'
import type { VerdictResult } from '../checker.js'
import { tellComparison } from './baselines.js'

const help = `
Both are files that "busbar run … --save-baseline" wrote. A metric has regressed where the runs are told apart by ranks
(Mann-Whitney, corrected for how many metrics are compared) and the 95 % interval of the change lies beyond the noise that the
first file's runs have among themselves.

Examples:
  $ busbar run overhead-sync --save-baseline before.json
  $ busbar run overhead-sync --save-baseline after.json
  $ busbar compare before.json after.json

Exit codes: 1 something regressed, 0 nothing did, 2 the tool failed.`

export function addCompareCommand(program: Command, end: (result: VerdictResult) => void): void {
  program
    .command('compare')
    .description(
      'hold the figures of two baselines against each other: regressed, improved, same, inconclusive, incomparable',
    )
    .argument('<before>', 'baseline to compare with')
    .argument('<after>', 'baseline that is compared')
    .option('--json <file>', 'write the comparison there as well')
    .addHelpText('after', help)
    .action(async (before: string, after: string, { json }: { json?: string }) => {
      const comparison = compare(await readBaseline(before), await readBaseline(after))
      end(await tellComparison(comparison, process.stdout, json))
    })
}
