import { useApprove, useReject } from './deciding'
import type { SequenceStore } from './drafts-open'
import { sayNotSavedYet } from './messages'
import { afterLeaving } from './queue'

type Place = { id: string; ids: string[]; decidable: boolean; onShow: (id: string | undefined) => void }

/** Approving and sending back: the next one shows at once, the server's word follows, and a refusal puts things back. */
export function useDecisions(store: SequenceStore, { id, ids, decidable, onShow }: Place) {
  const approve = useApprove()
  const reject = useReject()
  // An edit that arrived after the decision would undo it.
  const isSaved = async () => {
    if (store.clean || (await store.flush())) return true
    sayNotSavedYet()
    return false
  }
  return {
    approve: async () => {
      if (!decidable || store.snapshot().server.status === 'approved' || !(await isSaved())) return
      onShow(afterLeaving(ids, id))
      approve.mutate({ id, version: store.snapshot().server.version })
    },
    reject: async (reason: string) => {
      if (!(await isSaved())) return
      onShow(afterLeaving(ids, id))
      reject.mutate({ id, reason })
    },
  }
}
