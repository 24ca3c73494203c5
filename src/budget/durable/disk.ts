import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeFolder } from '../../world/folder.js'

/** What a journal asks of a disk, so that tests can take one away between any two of its steps. */
export interface Disk {
  /** Undefined if there is no such file. */
  read(path: string): Promise<Buffer | undefined>
  /** A new and empty file, in the place of whatever was there. */
  create(path: string): Promise<DiskFile>
  /** Gives a file another name, in the place of whatever had it. It may be undone by a crash until the folder is synced. */
  rename(from: string, to: string): Promise<void>
  syncFolderOf(path: string): Promise<void>
  remove(path: string): Promise<void>
}

export interface DiskFile {
  append(bytes: Buffer): Promise<void>
  /** Resolves when what was appended is there after a crash of the machine. */
  sync(): Promise<void>
  close(): Promise<void>
}

export const realDisk: Disk = {
  async read(path) {
    try {
      return await readFile(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  },
  async create(path) {
    await makeFolder(dirname(path))
    return new RealFile(await open(path, 'w'))
  },
  rename,
  async syncFolderOf(path) {
    // Windows knows no syncing of folders: there a name is as safe as its file system makes it.
    if (process.platform === 'win32') return
    const folder = await open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  },
  remove: (path) => rm(path, { force: true }),
}

class RealFile implements DiskFile {
  constructor(private readonly handle: FileHandle) {}

  async append(bytes: Buffer): Promise<void> {
    await this.handle.writeFile(bytes)
  }

  sync(): Promise<void> {
    return this.handle.datasync()
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}
