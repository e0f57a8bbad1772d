import { GraphQLError, type ValidationRule } from 'graphql';

/**
 * Refuses `_service`, by which a gateway reads the whole SDL, where introspection is off: it would tell what that
 * keeps to itself. A supergraph is then composed from what --print-schema prints.
 */
export const noServiceSdl: ValidationRule = (context) => ({
  Field: (node) => {
    if (node.name.value !== '_service' || context.getParentType()?.name !== 'Query') return;
    const text = '_service is not answered where introspection is off; --print-schema prints the SDL.';
    context.reportError(new GraphQLError(text, { nodes: node }));
  },
});
