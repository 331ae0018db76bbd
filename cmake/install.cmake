# To be completed below: package config, .pc, headers.
