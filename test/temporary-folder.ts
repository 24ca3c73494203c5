import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder of files for one suite, gone when it ends. */
export class TemporaryFolder {
  path = ''

  async make(): Promise<void> {
    this.path = await mkdtemp(join(tmpdir(), 'busbar-test-'))
  }

  /** Writes a file and answers with its absolute path. */
  async write(name: string, text: string): Promise<string> {
    const file = join(this.path, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    return file
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

/** What an action is refused with. */
export async function refusal(action: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await action
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { code: String(error.code), message: error.message }
    throw error
  }
  throw new Error('it was not refused')
}
