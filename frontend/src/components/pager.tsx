import { Button, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { cappedTotal, count } from '@/lib/format'

export type Paging = {
  cursor: string | undefined
  page: number
  next: (cursor: string) => void
  back: () => void
}

/** Remembers the way through a list that is paged by cursors; starts over when `resetKey` (the filter) changes. */
export function usePaging(resetKey: string): Paging {
  const [trail, setTrail] = useState<string[]>([])
  const [key, setKey] = useState(resetKey)
  if (key !== resetKey) {
    setKey(resetKey)
    setTrail([])
  }
  return {
    cursor: trail.at(-1),
    page: trail.length + 1,
    next: (cursor) => setTrail((before) => [...before, cursor]),
    back: () => setTrail((before) => before.slice(0, -1)),
  }
}

type Props = {
  paging: Paging
  page: { items: unknown[]; next_cursor?: string | null; total: number; total_capped?: boolean }
  limit: number
}

export function Pager({ paging, page, limit }: Props) {
  const first = (paging.page - 1) * limit + (page.items.length > 0 ? 1 : 0)
  const last = (paging.page - 1) * limit + page.items.length
  const { next_cursor: next } = page
  return (
    <Group justify="space-between" mt="sm" gap="sm">
      <Text fz="sm" c="dimmed" className="numbers" role="status">
        {count(first)}–{count(last)} of {cappedTotal(page.total, page.total_capped ?? false)}
      </Text>
      {paging.page > 1 || next ? (
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconChevronLeft size={14} aria-hidden />}
            disabled={paging.page === 1}
            onClick={paging.back}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="xs"
            rightSection={<IconChevronRight size={14} aria-hidden />}
            disabled={!next}
            onClick={() => {
              if (next) paging.next(next)
            }}
          >
            Next
          </Button>
        </Group>
      ) : null}
    </Group>
  )
}
