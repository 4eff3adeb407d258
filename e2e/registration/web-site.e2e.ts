/**
 * The page comes over HTTPS from a WWSF that its certificate authenticates, in a browser that checks certificates.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { type BrowserContext, chromium } from '@playwright/test';
import type { Lab } from '@wicgate/lab';
import { expect, test } from '../fixtures.ts';

/** SHA-256 of the key of the WWSF, which a path to the lab's authority vouches for by its name (RFC 5280 6). */
async function authenticatedKey({ ports, caFile }: Lab): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: ports.wwsf, servername: 'localhost', ca: readFileSync(caFile) });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  socket.destroy();
  return createHash('sha256')
    .update(key ?? '')
    .digest('base64');
}

/** A browser with a list of keys that it trusts, beside the authorities that all browsers know. */
async function withBrowser(
  trustedKeys: readonly string[],
  run: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const { launchOptions } = test.info().project.use;
  const args = (launchOptions?.args ?? []).filter((arg) => arg !== '--ignore-certificate-errors');
  const folder = mkdtempSync(join(tmpdir(), 'wicgate-browser-'));
  const list = `--ignore-certificate-errors-spki-list=${trustedKeys.join()}`;
  const context = await chromium.launchPersistentContext(folder, {
    ignoreHTTPSErrors: false,
    ...launchOptions,
    args: [...args, list],
  });
  try {
    await run(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test('[X.2.2.3-1] [X.2.3.3 a] [X.3.2.3-1.1 a] [X.4.2.3-1.1 a] [REQ 1.0 a] [O.5.2] the page and W2 come by TLS from whom the certificate names', async ({
  lab,
}) => {
  const key = await authenticatedKey(lab);
  await withBrowser([key], async (context) => {
    const page = await context.newPage();
    await page.goto(lab.wwsfUrl);
    await page.getByRole('button', { name: 'Continue as guest' }).click();
    await expect(page.getByRole('status', { name: 'Registration' })).toHaveText(/^Registered/u);
    expect(await page.evaluate(() => isSecureContext)).toBe(true);
  });
});

test('[X.2.2.3-1] [X.2.3.3 a] [X.3.2.3-1.1 a] [X.4.2.3-1.1 a] [WWSF 1] no page over plain HTTP, and none over HTTPS where no authority vouches for the WWSF', async ({
  lab,
}) => {
  await expect(fetch(`http://localhost:${lab.ports.wwsf}/`)).rejects.toThrow();
  await withBrowser([], async (context) => {
    const page = await context.newPage();
    await expect(page.goto(lab.wwsfUrl)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  });
});
