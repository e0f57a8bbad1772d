import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { OperationContext } from '../../context/operation-context.ts';
import { firstOperation } from './first-operation.ts';

/**
 * Makes a browser that opens the endpoint see Apollo Sandbox with the first operation in it. The page is loaded from
 * Apollo's servers; what is asked goes from the browser to this service alone, without cookies and without telemetry.
 */
export function createSandboxLandingPage(options: {
  readonly embeddedUpstream: boolean;
}): ApolloServerPlugin<OperationContext> {
  const { document, variables, headers } = firstOperation(options);
  return ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false },
    footer: false,
    includeCookies: false,
    document,
    variables: { ...variables },
    headers: { ...headers },
  });
}

/** Makes a browser that opens the endpoint see no page at all. */
export function createNoLandingPage(): ApolloServerPlugin<OperationContext> {
  return ApolloServerPluginLandingPageDisabled();
}
