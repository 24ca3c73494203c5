import type { Command } from 'commander'
import { find, names } from '../catalog.js'
import type { Kind } from '../plug-in.js'
import { textTable } from '../reporting/grid.js'

const examples = `
Examples:
  $ busbar list
  $ busbar list | grep -A 9 Targets`

export function addListCommand(program: Command): void {
  program
    .command('list')
    .description('tell the scenarios, targets, checkers and reporters that there are')
    .addHelpText('after', examples)
    .action(async () => {
      process.stdout.write(await listText(process.stdout.columns || 120))
    })
}

async function listText(width: number): Promise<string> {
  const rows = {
    scenarios: await entries('scenarios', async (name) => {
      const scenario = await find('scenarios', name)
      return [scenario.description, `on ${scenario.targets.join(', ')}`]
    }),
    targets: await entries('targets', async (name) => [(await find('targets', name)).description]),
    checkers: await entries('checkers', async (name) => [(await find('checkers', name)).question]),
    reporters: await entries('reporters', async (name) => [(await find('reporters', name)).description]),
  }
  const nameWidth = Math.max(...Object.values(rows).flatMap((kind) => kind.map(([name = '']) => name.length)))
  return Object.entries(rows)
    .map(([kind, list]) => `${capitalized(kind)}\n${textTable(list, [nameWidth], width)}\n`)
    .join('\n')
}

/** A row for each line that there is to say of a plug-in, the first under its name. */
async function entries(kind: Kind, linesOf: (name: string) => Promise<readonly string[]>): Promise<string[][]> {
  const rows: string[][] = []
  for (const name of await names(kind)) {
    const lines = await linesOf(name)
    rows.push(...lines.map((line, index) => [index === 0 ? name : '', line]))
  }
  return rows
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
