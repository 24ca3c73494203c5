import { FileLock } from '../../../src/budget/durable/file-lock.js'

/** Holds a lock until it is killed; at most as long as the test's own limit. */
await new FileLock(process.argv[2] as string).take()
console.log('taken')
setTimeout(() => undefined, 15_000)
