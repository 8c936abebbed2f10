firewall {
    global-options {
        state-policy {
            established {
                action accept
            }
            invalid {
                action drop
                log
            }
            related {
                action accept
            }
        }
    }
    group {
        interface-group UPLINKS {
            interface eth0
            interface pppoe*
        }
        ipv6-network-group OFFICE6 {
            network 2001:db8:40::/48
        }
        network-group EVERYWHERE {
            include OFFICE
            network 192.168.88.0/24
        }
        network-group OFFICE {
            network 10.40.0.0/16
            network 10.41.0.0/16
        }
        port-group MAIL {
            port 25
            port 587
            port imaps
        }
    }
    ipv4 {
        forward {
            filter {
                rule 5 {
                    action drop
                    description "no spoofed office addresses from outside"
                    inbound-interface {
                        group UPLINKS
                    }
                    log
                    source {
                        group {
                            network-group EVERYWHERE
                        }
                    }
                }
            }
        }
        name ANYONE {
            default-action jump
            default-jump-target COMMON
        }
        name COMMON {
            default-action return
            rule 10 {
                action accept
                icmp {
                    type-name echo-request
                }
                limit {
                    burst 10
                    rate 5/second
                }
                protocol icmp
            }
            rule 20 {
                action return
                destination {
                    address !10.40.0.0-10.41.255.255
                }
            }
            rule 30 {
                action reject
                destination {
                    port telnet,135-139,445
                }
                protocol tcp_udp
            }
        }
        name LAB_PEERS {
            default-action drop
            rule 10 {
                action accept
                protocol udp
                source {
                    port 5000-5010
                }
            }
        }
        name STAFF_OUT {
            default-action drop
            default-log
            rule 10 {
                action jump
                jump-target COMMON
            }
            rule 20 {
                action accept
                destination {
                    group {
                        port-group MAIL
                    }
                }
                protocol tcp
                source {
                    group {
                        network-group OFFICE
                    }
                }
            }
            rule 30 {
                action accept
                destination {
                    port 80,443,!8443
                }
                protocol tcp
                tcp {
                    flags {
                        not {
                            ack
                        }
                        syn
                    }
                }
            }
            rule 40 {
                action accept
                disable
                protocol gre
            }
        }
    }
    ipv6 {
        name STAFF_OUT6 {
            default-action reject
            rule 10 {
                action accept
                icmpv6 {
                    type-name echo-request
                }
                protocol ipv6-icmp
            }
            rule 20 {
                action accept
                destination {
                    port 443
                }
                protocol tcp
                source {
                    group {
                        network-group OFFICE6
                    }
                }
            }
        }
    }
    zone GUESTS {
        default-action drop
        intra-zone-filtering {
            action drop
        }
        member {
            vrf guests
        }
    }
    zone LAB {
        default-action drop
        intra-zone-filtering {
            firewall {
                name LAB_PEERS
            }
        }
        member {
            interface eth1.50
            interface eth1.51
        }
    }
    zone OUT {
        default-action reject
        default-firewall {
            name ANYONE
        }
        default-log
        from STAFF {
            firewall {
                ipv6-name STAFF_OUT6
                name STAFF_OUT
            }
        }
        member {
            interface eth0
            interface pppoe*
        }
    }
    zone STAFF {
        default-action drop
        member {
            interface eth1.4*
        }
    }
}
