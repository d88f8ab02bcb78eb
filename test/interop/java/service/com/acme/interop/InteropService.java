package com.acme.interop;

/** Everything the interop tests call, exported once as version 1.0.0 of group g1 and once without version and group. */
public interface InteropService
        extends ScalarEcho, TimeEcho, JdkEcho, ArrayEcho, CollectionEcho, ModelEcho, Results, Failures, Calls {
}
