#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import type { VerdictResult } from '../checker.js'
import { addCompareCommand } from './compare.js'
import { exitCodes, oneLine } from './exit.js'
import { addHeapCommand } from './heap.js'
import { addHistoryCommand } from './history.js'
import { addInitCommand } from './init.js'
import { addListCommand } from './list.js'
import { addProfileCommand } from './profile.js'
import { addRaceCommand } from './race.js'
import { addReplayCommand } from './replay.js'
import { addRunCommand } from './run.js'
import { addSoakCommand } from './soak.js'
import { addStartCommand } from './start.js'

const examples = `
Examples:
  $ busbar start                                  the tour: this breaker beside its peers, about a minute
  $ busbar list                                   what there is to run, and on what
  $ busbar run extreme-load-async                 one scenario on the shared breaker
  $ busbar run dead-backend --target all          ... on each of its targets
  $ busbar compare before.json after.json         what became slower between two versions
  $ busbar run --help                             every option
  $ busbar init                                   writes a plan file, busbar.yaml, and a workflow that runs it
  $ busbar soak --rate 5000                       what stays in memory, and who holds it
  $ busbar profile extreme-load-async             where every thread spent its time
  $ busbar race --quick                           the race-detection suite, under a minute
  $ busbar replay broken/lost-update ab2a         one interleaving, step by step
  $ busbar heap <before> <after>                  what grew between two heap snapshots, and who holds it

Exit codes: 0 valid, 1 invalid, 2 unknown or the tool failed. NODE_DEBUG=busbar shows the stacks of errors.`

function programOf(end: (result: VerdictResult) => void): Command {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  )
  const program = new Command('busbar')
    .description('One circuit breaker for all the threads of a Node process, and the engine that tries to break it.')
    .version(version)
    .addHelpText('after', examples)
    .exitOverride()
    // Commander puts its guess at what was meant on a second line.
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
  addStartCommand(program, end)
  addRunCommand(program, end)
  addCompareCommand(program, end)
  addHistoryCommand(program)
  addSoakCommand(program, end)
  addRaceCommand(program, end)
  addReplayCommand(program, end)
  addHeapCommand(program)
  addProfileCommand(program, end)
  addListCommand(program)
  addInitCommand(program)
  return program
}

/** A command line's exit code. Nothing escapes: what nobody expected is one line too, and `unknown`. */
async function main(words: readonly string[]): Promise<number> {
  let result: VerdictResult = 'valid'
  try {
    await programOf((answer) => {
      result = answer
    }).parseAsync(words)
    return exitCodes[result]
  } catch (error) {
    // Commander has said already what was wrong with the command line; help and version end this way as well.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.unknown
    return failed(error)
  }
}

function failed(error: unknown): number {
  process.stderr.write(`error: ${oneLine(error)}\n`)
  return exitCodes.unknown
}

process.on('uncaughtException', (error) => process.exit(failed(error)))
// A handle that somebody forgot must not keep the command from ending.
process.exit(await main(process.argv))
