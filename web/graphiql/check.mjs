/**
 * Opens the built page in a real browser and fails where it asks anything of the outside, logs an error, or does not
 * run a query and a subscription with the token.
 *
 *   node check.mjs                                   against a tiny server of its own (loopback)
 *   node check.mjs --url http://127.0.0.1:4000/graphql --token T --query Q --subscription S [--variables JSON]
 *                  [--expect-query TEXT] [--expect-push TEXT] [--screenshot FILE]
 *
 * Variables are the subscription's. Without an expected text any answer with data will do. Screenshots of the three
 * visits go beside FILE: page.png makes page-first-visit.png, page-query.png and page-subscription.png.
 *
 * The browser: CHROMIUM, or /usr/bin/chromium.
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startStub, STUB } from './check-stub.mjs';

const LIMIT_MS = 20_000;
const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' }, token: { type: 'string' }, query: { type: 'string' }, subscription: { type: 'string' },
    variables: { type: 'string' }, 'expect-query': { type: 'string' }, 'expect-push': { type: 'string' }, screenshot: { type: 'string' },
  },
});

/** Everything the page asks for, and everything it complains about. */
function watch(page, origin) {
  const seen = { requests: 0, outside: [], errors: [] };
  const isOwn = (url) => /^(data|blob):/.test(url) || url.replace(/^ws/, 'http').startsWith(origin);
  const note = (url) => {
    seen.requests += 1;
    if (!isOwn(url)) seen.outside.push(url);
  };
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url()));
  page.on('response', (response) => {
    if (response.status() >= 400) seen.errors.push(`${response.status()} ${response.url()}`);
  });
  page.on('pageerror', (error) => seen.errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  return seen;
}

/** A visit that begins with one operation in the first tab, as a returning visitor's storage would have it. */
async function open(context, plan, operation) {
  const page = await context.newPage();
  const seen = watch(page, new URL(plan.url).origin);
  await page.addInitScript(({ query, variables }) => {
    const tab = { id: 'check', hash: null, title: 'check', query, variables, headers: null, operationName: null, response: null };
    window.localStorage.setItem('graphiql:tabState', JSON.stringify({ tabs: [tab], activeTabIndex: 0 }));
    window.localStorage.setItem('graphiql:query', query);
    window.localStorage.setItem('graphiql:variables', variables);
  }, operation);
  await page.goto(plan.url, { waitUntil: 'load' });
  await page.locator('.graphiql-query-editor .view-lines').waitFor({ timeout: LIMIT_MS });
  await page.locator('#token').fill(plan.token);
  await page.locator('#token').press('Enter');
  return { page, seen };
}

/** Presses Run and waits for an answer that holds the expected text. */
async function run(page, expected) {
  await page.locator('.graphiql-execute-button').click();
  const choice = page.locator('[role=menuitem]').first();
  if (await choice.isVisible()) await choice.click();
  const answer = page.locator('.graphiql-response .view-lines');
  await answer.waitFor({ timeout: LIMIT_MS });
  const isThere = (text) => document.querySelector('.graphiql-response .view-lines')?.textContent?.replaceAll('\u00a0', ' ').includes(text);
  await page.waitForFunction(isThere, expected, { timeout: LIMIT_MS })
    .catch(async () => { throw new Error(`No answer with ${expected}: ${await answer.textContent()}`); });
}

async function shoot(page, name) {
  if (options.screenshot) await page.screenshot({ path: options.screenshot.replace(/(\.\w+)?$/, `-${name}$1`) });
}

function verdict(name, seen) {
  if (seen.outside.length > 0) throw new Error(`${name}: asked the outside: ${seen.outside.join(', ')}`);
  if (seen.errors.length > 0) throw new Error(`${name}: errors: ${seen.errors.join(' | ')}`);
  console.log(`${name}: ok, ${seen.requests} requests, 0 outside`);
}

async function checkFirstVisit(context, plan) {
  const page = await context.newPage();
  const seen = watch(page, new URL(plan.url).origin);
  await page.goto(plan.url, { waitUntil: 'load' });
  await page.locator('.graphiql-query-editor .view-lines').waitFor({ timeout: LIMIT_MS });
  const tabs = await page.locator('.graphiql-tab').count();
  if (tabs !== 3) throw new Error(`first visit: ${tabs} tabs instead of 3 examples`);
  await shoot(page, 'first-visit');
  await page.close();
  verdict('first visit', { ...seen, errors: seen.errors.filter((text) => !/^40[01] |status of 40[01]/.test(text)) });
}

async function checkOperation(context, plan, name, operation, expected) {
  const { page, seen } = await open(context, plan, operation);
  seen.errors.length = 0; // Until the token was entered, a server may refuse to show its schema.
  await run(page, expected);
  const kept = await page.evaluate(() => JSON.stringify({ ...window.localStorage }));
  if (kept.includes(plan.token)) throw new Error(`${name}: the token is kept beyond the session`);
  await shoot(page, name);
  await page.close();
  verdict(name, seen);
}

const stub = options.url ? null : await startStub();
const plan = options.url ? { ...options, expectQuery: options['expect-query'] ?? '"data"', expectPush: options['expect-push'] ?? '"data"' } : { ...STUB, url: stub.url };
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: FLAGS });
try {
  const fresh = () => browser.newContext();
  const variables = plan.variables ?? '';
  await checkFirstVisit(await fresh(), plan);
  await checkOperation(await fresh(), plan, 'query', { query: plan.query, variables: '' }, plan.expectQuery);
  await checkOperation(await fresh(), plan, 'subscription', { query: plan.subscription, variables }, plan.expectPush);
} finally {
  await browser.close();
  await stub?.stop();
}
