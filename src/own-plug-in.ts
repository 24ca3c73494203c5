import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { EngineError } from './engine.js'
import { defaultExportOf } from './load-module.js'
import { checkedPlugIn, type Kind, type PlugIns } from './plug-in.js'
import { moduleEndings, shownName } from './plug-in-path.js'

/** A user's own plug-in, by the absolute path of its file. Rejects with an `EngineError` (`ERR_PLUG_IN`) that names the file. */
export async function ownPlugIn<K extends Kind>(kind: K, file: string): Promise<PlugIns[K]> {
  const shown = shownName(file)
  const noun = kind.slice(0, -1)
  if (!moduleEndings.includes(extname(file))) {
    throw new EngineError('ERR_PLUG_IN', `${noun} ${shown}: allowed are files that end in ${moduleEndings.join(', ')}`)
  }
  if (!(await isFile(file))) throw new EngineError('ERR_PLUG_IN', `${noun} ${shown}: there is no such file`)
  return checkedPlugIn(kind, await loaded(noun, file), shown)
}

async function loaded(noun: string, file: string): Promise<unknown> {
  try {
    return await defaultExportOf(file)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EngineError('ERR_PLUG_IN', `${noun} ${shownName(file)} can't be loaded: ${reason}`, { cause: error })
  }
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
}
