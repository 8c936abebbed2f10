firewall {
    global-options {
        log-limit {
            rate 100/minute
        }
        state-policy {
            established {
                action accept
            }
            related {
                action accept
            }
        }
    }
    ipv4 {
        name LAN_WAN {
            default-action accept
        }
        name WAN_LAN {
            default-action drop
            default-log
            rule 10 {
                action accept
                description IKE
                destination {
                    address 192.168.1.2
                    port 500
                }
                protocol udp
            }
            rule 20 {
                action accept
                description NAT-T
                destination {
                    address 192.168.1.2
                    port 4500
                }
                protocol udp
            }
            rule 30 {
                action accept
                description "IPsec ESP"
                destination {
                    address 192.168.1.2
                }
                protocol esp
            }
        }
    }
    zone LAN {
        from WAN {
            firewall {
                name WAN_LAN
            }
        }
        member {
            interface vlan1
        }
    }
    zone WAN {
        from LAN {
            firewall {
                name LAN_WAN
            }
        }
        member {
            interface vlan2
        }
    }
}
