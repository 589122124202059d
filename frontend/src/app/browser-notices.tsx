import { useRouter } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { getExport, getImport, showGeneration } from '@/api'
import { notice } from '@/lib/browser-notices'
import { useSession } from '@/lib/session'
import type { Change } from './changes'
import { type Work, newsOf } from './news'
import { onChanges } from './told'

/** Tells of one's own work in this browser while one looks at another page. Loaded only by who wants it. */
export function BrowserNotices() {
  const router = useRouter()
  const me = useSession()?.user_id
  const known = useRef(new Map<string, string>())
  useEffect(() => {
    const look = async (change: Change) => {
      const work = await workOf(change).catch(() => null)
      if (!work || work.by !== me) return
      const before = known.current.get(work.path)
      known.current.set(work.path, work.status)
      const news = newsOf(work, before)
      if (news) notice(news, work.name, () => router.history.push(work.path))
    }
    return onChanges((changes) => {
      for (const change of changes) if (change.record !== null) void look(change)
    })
  }, [me, router])
  return null
}

async function workOf({ kind, record }: Change): Promise<Work | null> {
  if (record === null) return null
  if (kind === 'export') {
    const {
      status,
      reason,
      created_by: by,
      campaign_name: name,
    } = await getExport({ path: { export_id: record } })
    return { what: 'Export', name, status, reason, by, path: `/exports/${record}` }
  }
  if (kind === 'generation') {
    const run = await showGeneration({ path: { run_id: record } })
    return {
      what: 'Writing',
      name: `${run.counts.done} of ${run.counts.total} leads`,
      status: run.status,
      reason: null,
      by: run.created_by,
      path: `/generations/${record}`,
    }
  }
  if (kind === 'import') {
    const { status, created_by: by, filename } = await getImport({ path: { import_id: record } })
    return {
      what: 'Import',
      name: filename,
      status: status,
      reason: null,
      by,
      path: `/import/${record}`,
    }
  }
  return null
}
