import type { ComponentChildren, JSX } from 'preact';
import { adminApi } from '../../api/adminApi';
import type { HostLimits } from '../../api/schema';
import { useLoaded } from '../../frame/dialogs/loaded';
import { adminWords } from '../../language/adminWords';
import { formatSize } from '../../language/format';
import { SheetPart } from '../shell/sheet';

/** Draws the health of the parts, the figures and the limits of the server. */
export function ServerPart(): JSX.Element {
  const words = adminWords().server;
  const [health] = useLoaded(adminApi.health);
  const [overview] = useLoaded(adminApi.overview);
  return (
    <>
      <SheetPart title={words.health} testId="health">
        {health.value.state === 'failed' && <p role="alert">{health.value.message}</p>}
        {health.value.state === 'there' && (
          <dl class="admin-facts">
            {(['database', 'executor', 'docker'] as const).map((part) => (
              <Fact key={part} name={words.parts[part]}>
                <Works works={health.value.state === 'there' && health.value.value.checks[part]} />
              </Fact>
            ))}
            <Fact name={words.version}>{health.value.value.version}</Fact>
          </dl>
        )}
      </SheetPart>
      {overview.value.state === 'failed' && <p role="alert">{overview.value.message}</p>}
      {overview.value.state === 'there' && (
        <>
          <SheetPart title={words.figures} testId="figures">
            <dl class="admin-facts">
              <Fact name={words.accounts}>{overview.value.value.accounts}</Fact>
              <Fact name={words.guests}>{overview.value.value.guests}</Fact>
              <Fact name={words.runningGames}>{overview.value.value.running}</Fact>
              <Fact name={words.openReports}>{overview.value.value.openReports}</Fact>
              <Fact name={words.storage}>
                {words.storageOf(formatSize(overview.value.value.storageUsed), formatSize(overview.value.value.storageLimit))}
              </Fact>
            </dl>
          </SheetPart>
          <SheetPart title={words.limits} testId="limits">
            <p class="soft">{words.limitsHint}</p>
            <Limits limits={overview.value.value.limits} />
          </SheetPart>
        </>
      )}
    </>
  );
}

function Limits({ limits }: { limits: HostLimits }): JSX.Element {
  const words = adminWords().server;
  return (
    <dl class="admin-facts">
      <Fact name={words.signUp}>{words.signUpModes[limits.signUp as keyof typeof words.signUpModes]}</Fact>
      <Fact name={words.guestAccounts}>{limits.guestAccounts ? words.on : words.off}</Fact>
      <Fact name={words.guestStorage}>{formatSize(limits.guestBytes)}</Fact>
      <Fact name={words.accountStorage}>{formatSize(limits.accountBytes)}</Fact>
      <Fact name={words.gameTime}>{words.seconds(limits.sessionSeconds)}</Fact>
      {(['runs', 'writes', 'signIns', 'newGuests', 'reads'] as const).map((name) => (
        <Fact key={name} name={words[name]}>
          {words.perMinute(limits[name])}
        </Fact>
      ))}
      <Fact name={words.address}>{limits.peoplePerAddress}</Fact>
    </dl>
  );
}

function Works({ works }: { works: boolean }): JSX.Element {
  const words = adminWords().server;
  return works ? <span>{words.healthy}</span> : <span class="admin-bad">{words.unhealthy}</span>;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
