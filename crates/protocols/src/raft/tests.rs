//! Rules that need a whole cluster.
