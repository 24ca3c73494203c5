import { lstat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command } from 'commander'
import { EngineError } from '../engine.js'
import { makeFolder } from '../world/folder.js'
import { planText, workflowText } from './init-texts.js'

const examples = `
Examples:
  $ busbar init                busbar.yaml and .github/workflows/busbar.yml, here
  $ busbar init service        ... in that folder
  $ busbar init --force        in place of those that are there

Exit codes: 0 both are written, 2 one was there already or can't be written.`

const files: Readonly<Record<string, string>> = {
  'busbar.yaml': planText,
  [join('.github', 'workflows', 'busbar.yml')]: workflowText,
}

export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('write a plan file with comments, and a GitHub Actions workflow that runs it')
    .argument('[folder]', 'where to', '.')
    .option('--force', 'overwrite files that are there')
    .addHelpText('after', examples)
    .action(async (folder: string, { force = false }: { force?: boolean }) => init(folder, force))
}

async function init(folder: string, force: boolean): Promise<void> {
  // Both are looked for before the first is written, or a refusal would leave half behind.
  if (!force) await refuseWhatIsThere(folder)
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    try {
      await makeFolder(dirname(file))
      await writeFile(file, text, { flag: force ? 'w' : 'wx' })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new EngineError('ERR_FILE_NOT_WRITTEN', `${file} can't be written: ${reason}`, { cause: error })
    }
    process.stdout.write(`wrote ${file}\n`)
  }
  process.stdout.write(`\nnext: ${folder === '.' ? '' : `cd ${folder} && `}npx busbar run busbar.yaml\n`)
}

async function refuseWhatIsThere(folder: string): Promise<void> {
  for (const path of Object.keys(files)) {
    const file = join(folder, path)
    const isThere = await lstat(file).then(
      () => true,
      () => false,
    )
    if (isThere) {
      throw new EngineError(
        'ERR_FILE_EXISTS',
        `${file} is there already, and nothing was written; --force overwrites it`,
      )
    }
  }
}
