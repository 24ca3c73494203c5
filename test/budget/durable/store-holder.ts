import { type StoreKind, storeOf } from './store-kinds.js'
import { storedAccount } from './stored.js'

/** Holds a store with one account in it until it is killed; at most as long as the test's own limit. */
const [kind, folder] = process.argv.slice(2) as [StoreKind, string]
const store = await storeOf(kind, folder)
await store.open()
await store.write([storedAccount('held', 7)])
process.send?.('held')
setTimeout(() => undefined, 15_000)
