firewall {
    group {
        address-group DNS_SERVERS {
            address 10.50.1.90-10.50.1.91
        }
        address-group MGMT_HOSTS {
            address 10.50.1.200
        }
        network-group NET_DATA {
            network 10.50.10.0/24
        }
        network-group NET_GUEST {
            network 10.50.30.0/24
        }
        network-group NET_IOT {
            network 10.50.40.0/24
        }
        network-group NET_MGMT {
            network 10.50.1.0/24
        }
        network-group NET_SECURITY {
            network 10.50.50.0/24
        }
        network-group NET_SERVICES {
            network 10.50.60.0/24
        }
        network-group NET_VOICE {
            network 10.50.20.0/24
        }
        port-group WEB {
            port 80
            port 443
        }
    }
    ipv4 {
        name BACK {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name DATA_MGMT {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                destination {
                    group {
                        address-group DNS_SERVERS
                    }
                    port 53
                }
                protocol tcp_udp
            }
            rule 30 {
                action accept
                destination {
                    group {
                        address-group MGMT_HOSTS
                    }
                    port https
                }
                protocol tcp
                source {
                    group {
                        network-group NET_DATA
                    }
                }
            }
            rule 40 {
                action reject
                protocol tcp
            }
        }
        name DATA_WAN {
            default-action accept
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name GUEST_WAN {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                destination {
                    group {
                        port-group WEB
                    }
                }
                protocol tcp
            }
            rule 30 {
                action accept
                destination {
                    port domain,ntp
                }
                protocol udp
            }
        }
        name IOT_MGMT {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name IOT_WAN {
            default-action drop
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                description HTTP/HTTPS
                destination {
                    group {
                        port-group WEB
                    }
                }
                protocol tcp
            }
            rule 30 {
                action accept
                destination {
                    port 123
                }
                protocol udp
            }
            rule 40 {
                action accept
                protocol icmp
            }
            rule 50 {
                action accept
                destination {
                    port 53
                }
                protocol udp
            }
            rule 60 {
                action accept
                description "CAPWAP control"
                destination {
                    port 5246
                }
                protocol udp
            }
            rule 70 {
                action accept
                description "CAPWAP data"
                destination {
                    port 5247
                }
                protocol udp
            }
        }
        name LAN_LOCAL {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                icmp {
                    type-name echo-request
                }
                limit {
                    rate 20/second
                }
                protocol icmp
            }
            rule 30 {
                action accept
                destination {
                    port bootps,domain,ntp
                }
                protocol udp
            }
        }
        name LOCAL_ANY {
            default-action accept
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name MGMT_ANY {
            default-action accept
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name MGMT_LOCAL {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                destination {
                    port ssh
                }
                protocol tcp
            }
            rule 30 {
                action accept
                protocol icmp
            }
        }
        name MGMT_WAN {
            default-action accept
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name SECURITY_WAN {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                destination {
                    group {
                        port-group WEB
                    }
                }
                protocol tcp
            }
            rule 30 {
                action accept
                destination {
                    port domain,ntp
                }
                protocol udp
            }
        }
        name SERVICES_WAN {
            default-action accept
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
        name VOICE_WAN {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                destination {
                    group {
                        port-group WEB
                    }
                }
                protocol tcp
            }
            rule 30 {
                action accept
                destination {
                    port domain,ntp
                }
                protocol udp
            }
            rule 40 {
                action accept
                destination {
                    port 5060-5061,10000-20000
                }
                protocol udp
            }
        }
        name WAN_IN {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action drop
                log
                state invalid
            }
        }
        name WAN_LOCAL {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
        }
    }
    ipv6 {
        name LAN_LOCAL6 {
            default-action drop
            default-log
            rule 10 {
                action accept
                description established/related
                state established
                state related
            }
            rule 20 {
                action accept
                protocol ipv6-icmp
            }
        }
        name LOCAL_ANY6 {
            default-action accept
        }
    }
    zone DATA {
        default-action drop
        from LOCAL {
            firewall {
                ipv6-name LOCAL_ANY6
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_ANY
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1.10
        }
    }
    zone GUEST {
        default-action drop
        from LOCAL {
            firewall {
                ipv6-name LOCAL_ANY6
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_ANY
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1.30
        }
    }
    zone IOT {
        default-action drop
        description "IoT Devices - Limited Access"
        from LOCAL {
            firewall {
                ipv6-name LOCAL_ANY6
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_ANY
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1.40
        }
    }
    zone LOCAL {
        default-action drop
        from DATA {
            firewall {
                ipv6-name LAN_LOCAL6
                name LAN_LOCAL
            }
        }
        from GUEST {
            firewall {
                ipv6-name LAN_LOCAL6
                name LAN_LOCAL
            }
        }
        from IOT {
            firewall {
                ipv6-name LAN_LOCAL6
                name LAN_LOCAL
            }
        }
        from MGMT {
            firewall {
                name MGMT_LOCAL
            }
        }
        from SECURITY {
            firewall {
                ipv6-name LAN_LOCAL6
                name LAN_LOCAL
            }
        }
        from SERVICES {
            firewall {
                ipv6-name LAN_LOCAL6
                name LAN_LOCAL
            }
        }
        from VOICE {
            firewall {
                ipv6-name LAN_LOCAL6
                name LAN_LOCAL
            }
        }
        from WAN {
            firewall {
                name WAN_LOCAL
            }
        }
        local-zone
    }
    zone MGMT {
        default-action drop
        from DATA {
            firewall {
                name DATA_MGMT
            }
        }
        from GUEST {
            firewall {
                name BACK
            }
        }
        from IOT {
            firewall {
                name IOT_MGMT
            }
        }
        from LOCAL {
            firewall {
                name LOCAL_ANY
            }
        }
        from SECURITY {
            firewall {
                name BACK
            }
        }
        from SERVICES {
            firewall {
                name BACK
            }
        }
        from VOICE {
            firewall {
                name BACK
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1
        }
    }
    zone SECURITY {
        default-action drop
        from LOCAL {
            firewall {
                ipv6-name LOCAL_ANY6
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_ANY
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1.50
        }
    }
    zone SERVICES {
        default-action drop
        from LOCAL {
            firewall {
                ipv6-name LOCAL_ANY6
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_ANY
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1.60
        }
    }
    zone VOICE {
        default-action drop
        from LOCAL {
            firewall {
                ipv6-name LOCAL_ANY6
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_ANY
            }
        }
        from WAN {
            firewall {
                name WAN_IN
            }
        }
        member {
            interface eth1.20
        }
    }
    zone WAN {
        default-action drop
        from DATA {
            firewall {
                name DATA_WAN
            }
        }
        from GUEST {
            firewall {
                name GUEST_WAN
            }
        }
        from IOT {
            firewall {
                name IOT_WAN
            }
        }
        from LOCAL {
            firewall {
                name LOCAL_ANY
            }
        }
        from MGMT {
            firewall {
                name MGMT_WAN
            }
        }
        from SECURITY {
            firewall {
                name SECURITY_WAN
            }
        }
        from SERVICES {
            firewall {
                name SERVICES_WAN
            }
        }
        from VOICE {
            firewall {
                name VOICE_WAN
            }
        }
        member {
            interface eth0
        }
    }
}
