import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { LinkText } from '@/components/links'
import { Loaded } from '@/components/loaded'
import { PageHeader } from '@/components/page-header'
import { Problem } from '@/components/problem'
import { describeSelection } from '@/components/selection-summary'
import { toSelection } from '@/lib/selection'
import { type Override, campaignsQuery, usePlan } from './api'
import { CampaignChoice } from './campaign-choice'
import { PlanView } from './plan-view'

const route = getRouteApi('/exports/new')

/** Two steps: which campaign, then the plan; nothing is sent before the plan was confirmed. */
export function NewExportPage() {
  const { campaign: campaignId, ...search } = route.useSearch()
  const navigate = useNavigate()
  const campaigns = useQuery(campaignsQuery)
  const plan = usePlan()
  const [overrides, setOverrides] = useState<Override[]>([])
  const [notBefore, setNotBefore] = useState('')
  const make = (id: string, decided: Override[]) => {
    setOverrides(decided)
    plan.mutate({
      campaign_id: id,
      selection: toSelection(search),
      overrides: decided,
      send_after: notBefore ? new Date(notBefore).toISOString() : null,
    })
  }
  const choose = (id: string | undefined) => {
    plan.reset()
    setOverrides([])
    void navigate({ to: '/exports/new', search: { ...search, campaign: id }, replace: true })
  }
  return (
    <Stack gap="md">
      <PageHeader
        title="Add to a campaign"
        description={
          <>
            {describeSelection(search)}.{' '}
            <LinkText to="/leads" search={{ status: 'approved' }} fz="inherit" underline="always">
              Choose others
            </LinkText>
          </>
        }
      />
      <Loaded query={campaigns} rows={5}>
        {(list) => {
          const campaign = list.items.find(({ id }) => id === campaignId)
          return (
            <>
              <CampaignChoice
                list={list}
                chosen={campaign}
                onChoose={choose}
                onPlan={(id) => make(id, [])}
                notBefore={notBefore}
                onNotBefore={(moment) => {
                  plan.reset()
                  setNotBefore(moment)
                }}
                planning={plan.isPending}
                planned={plan.isSuccess}
              />
              {plan.isError ? <Problem error={plan.error} title="There is no plan" /> : null}
              {plan.data && campaign ? (
                <PlanView
                  plan={plan.data}
                  campaign={campaign}
                  overrides={overrides}
                  onOverride={(decided) => make(campaign.id, decided)}
                  onAgain={() => make(campaign.id, overrides)}
                  onBack={() => plan.reset()}
                />
              ) : null}
              {plan.isPending ? (
                <Text role="status" c="dimmed" fz="sm">
                  Looking at every person…
                </Text>
              ) : null}
            </>
          )
        }}
      </Loaded>
    </Stack>
  )
}
