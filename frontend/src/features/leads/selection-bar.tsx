import { Anchor, Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconSend, IconSparkles } from '@tabler/icons-react'
import type { ListingLeadAnswer, UserAnswer } from '@/api'
import { cappedTotal, plural } from '@/lib/format'
import type { ListSelection } from '@/lib/list-selection'
import { type SelectionSearch, toSelection } from '@/lib/selection'
import { type LeadsSearch, useBulk } from './api'
import { BulkMenu } from './bulk-menu'
import { tagsOf } from './lead-columns'
import classes from './leads.module.css'
import { LinkButton } from '@/components/links'

type Props = {
  selection: ListSelection
  search: LeadsSearch
  page: ListingLeadAnswer
  users: UserAnswer[]
}

/** What to do with the ticked leads, or with all that match. */
export function SelectionBar({ selection, search, page, users }: Props) {
  const { everything, ids } = selection
  if (!everything && ids.length === 0) return null
  const whole = cappedTotal(page.total, page.total_capped ?? false)
  const target = selectionSearch(selection, search, page)
  return (
    <Group className={classes.bar ?? ''} justify="space-between" gap="sm">
      <Group gap="sm">
        <Text fz="sm" fw={600} role="status">
          {everything ? `All ${whole} that match are selected` : `${plural(ids.length, 'lead')} selected`}
        </Text>
        {!everything && page.total > ids.length ? (
          <Anchor component="button" type="button" fz="sm" onClick={selection.chooseEverything}>
            Select all {whole} that match
          </Anchor>
        ) : null}
        <Anchor component="button" type="button" fz="sm" onClick={selection.clear}>
          Clear
        </Anchor>
      </Group>
      {search.deleted ? (
        <BringBack target={target} onDone={selection.clear} />
      ) : (
        <Group gap="xs">
          <LinkButton
            to="/generations/new"
            search={target}
            size="xs"
            leftSection={<IconSparkles size={14} aria-hidden />}
          >
            Write sequences
          </LinkButton>
          <LinkButton
            to="/exports/new"
            search={target}
            size="xs"
            variant="default"
            leftSection={<IconSend size={14} aria-hidden />}
          >
            Add to a campaign
          </LinkButton>
          <BulkMenu target={target} users={users} tags={tagsOf(page.items)} onDone={selection.clear} />
        </Group>
      )}
    </Group>
  )
}

function BringBack({ target, onDone }: { target: SelectionSearch; onDone: () => void }) {
  const bulk = useBulk()
  return (
    <Button
      size="xs"
      loading={bulk.isPending}
      leftSection={<IconArrowBackUp size={14} aria-hidden />}
      onClick={() =>
        bulk.mutate(
          { action: 'restore', selection: toSelection(target) },
          {
            onSuccess: ({ changed }) => {
              notifications.show({ color: 'spruce', message: `${plural(changed, 'lead')} brought back` })
              onDone()
            },
          },
        )
      }
    >
      Bring back
    </Button>
  )
}

function selectionSearch(
  selection: ListSelection,
  search: LeadsSearch,
  page: Props['page'],
): SelectionSearch {
  if (!selection.everything) return { ids: selection.ids.join(',') }
  const { sort: _sort, ...filter } = search
  return page.total_capped ? filter : { ...filter, expected: page.total }
}
